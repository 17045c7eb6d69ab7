from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from retkoop.ui.texts import is_readable, refuse_unreadable


@pytest.mark.parametrize("text", ["", "Entrées au musée", "12\u202f€", "deux\nlignes", "a\tb\r\n", "ﷺ", "👩🏽\u200d🏫", "שלום"])
def test_words_of_any_language_are_readable(text: str) -> None:
    assert is_readable(text)
    refuse_unreadable(text)


@pytest.mark.parametrize("sign", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "\x07", "\x00", "\x85", "\ud800"])
def test_what_cannot_be_seen_is_refused(sign: str) -> None:
    assert not is_readable(f"Don{sign}")
    with pytest.raises(ValidationError) as refusal:
        refuse_unreadable(f"Don{sign}")
    assert refusal.value.messages == ["Ce texte contient des caractères invisibles\u202f: tapez-le plutôt que de le coller."]
