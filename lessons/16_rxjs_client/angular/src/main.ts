import { bootstrapApplication } from "@angular/platform-browser";
import { ChannelerService } from "../../client/src/channeler.service";
import { Registrations } from "./registrations";

void bootstrapApplication(Registrations, { providers: [ChannelerService] });
