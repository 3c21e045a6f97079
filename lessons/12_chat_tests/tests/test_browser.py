from channels.testing import ChannelsLiveServerTestCase

from tests.chrome import open_chrome

# TODO: write tests of the pages, in a Chrome that talks to a live server.
