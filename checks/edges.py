"""Texts that hold what real texts hold."""

TEXTS = (
    "<b>bold</b> & <i>thin</i>",
    "&lt;b&gt; &amp; &quot;",
    "she said \"hello\", and he 'goodbye'",
    "C:\\new\\table \\u0041 %s {0} $1 `",
    'https://example.com/?tea=1&milk="2"#cup',
    "  blanks at both ends  ",
    "two  blanks, and a Capital",
    "🫖 茶 ünïcödé",
    "e\u0301 \u2126 \ufb01",  # letters that normalisation changes
    "0",
    '{"message": "null"}',
)
