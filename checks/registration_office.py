"""What all checks of lesson 15 open sections and register students with."""


class Office:
    """Whoever opens sections and registers students, over HTTP."""

    def __init__(self, site, transcript, fresh):
        self.site = site
        self._transcript = transcript
        self._fresh = fresh

    def opens(self, seats=10, lab=None):
        """Open a section and return its key."""
        key = self._fresh.word()
        body = {"section": key, "title": self._fresh.text(), "seats": seats, "lab": lab}
        status = self.site.post("/sections/", body).status
        assert status == 201, f"POST for a new section was answered with HTTP {status}."
        self._transcript.add("office", "·", f"opens {key} with {seats} seats{f' and the lab {lab}' if lab else ''}")
        return key

    def free(self, section):
        """Return how many seats of a section are free."""
        answer = self.site.get(f"/sections/{section}/")
        assert answer.status == 200, f"GET for an existing section was answered with HTTP {answer.status}."
        free = answer.json().get("free")
        self._transcript.add("office", "·", f"sees {free} free seats in {section}")
        return free

    def posts(self, student, section, site=None):
        """Register a student, and return the answer."""
        self._transcript.add("office", "→", f"POST /registrations/ {student} for {section}")
        answer = (site or self.site).post("/registrations/", {"student": student, "section": section})
        self._transcript.add("office", "←", f"HTTP {answer.status} for {student}")
        return answer

    def registers(self, student, section, *, accepted):
        """Register a student who must be accepted, or refused."""
        status = self.posts(student, section).status
        wanted = range(200, 300) if accepted else range(400, 500)
        assert status in wanted, f"The registration of {student} for {section} was answered with HTTP {status}."

    def fence(self, student):
        """Register a student for a section of their own, and return its key."""
        self.registers(student, key := self.opens(), accepted=True)
        return key
