HELLO = {"en": "Hello", "da": "Hej", "es": "Hola"}


def greeting(name, lang):
    """Greet someone in their language, or in English if we do not speak it."""
    return f"{HELLO.get(lang, HELLO['en'])}, {name}!"
