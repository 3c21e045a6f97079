"""Texts that hold what real texts hold."""

TEXTS = (
    "<b>tea & cake</b>",
    "&lt;b&gt; &amp; &quot;",
    '"Tea?" she said. It\'s hot.',
    r"C:\teas\new \n \u00e9 %s %20 {0} $1 `",
    "https://example.org/menu?q=tea&lang=da#now",
    "  blanks at both ends, and more   than one  ",
    "\ttabs\tand lines\r\nof both kinds\n",
    "smørrebrød 茶 مرحبا 🫖👩‍🚀",
    "e\u0301 a\u030a \u212b \ufb01",  # letters that normalisation changes
    "null",
    "007",
    '{"type":"websocket.close",  "code":4000.0}',
)
CONTROLS = "tea\0and\x0bcake\x1b\x7f\ufeff\u2028"  # what nobody types, and a program may send
