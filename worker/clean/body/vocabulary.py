"""The words by which a block's part on its page is known: those of boilerplate, of the title, of the summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Words of boilerplate in the languages of the training pages, by what they ask of the reader.
_BOILERPLATE = {
    "subscribe": "newsletter subscribe sign abonnieren abonner подписывайтесь register member",
    "related": "read also more see related recommended mehr lesen weiterlesen siehe lea leia leggi les läs lire "
               "přečtěte читайте 関",
    "rights": "copyright © photo photograph image credit foto bild quelle source getty reuters afp dpa фото 写 真 무단 "
              "reserved",
    "share": "share follow comment comments kommentar kommentare whatsapp facebook twitter telegram instagram email "
             "mail click",
    "advert": "anzeige advertisement cookie cookies privacy download watch video",
    "credit": "editor contact kontakt updated published author reporter 기자 記 者",
}  # fmt: skip
BOILERPLATE = tuple(_BOILERPLATE)
GROUPS = len(BOILERPLATE)
#: The bits of words of the title and of the summary, above one for each group of boilerplate.
_TITLED, _DESCRIBED = 1 << GROUPS, 1 << GROUPS + 1
_KNOWN: dict[bytes, int] = {
    word.encode(): 1 << group for group, words in enumerate(_BOILERPLATE.values()) for word in words.split()
}
#: In ASCII, what is no part of a word becomes a space, and capitals small.
_TO_WORDS = bytes(ord(chr(code).lower()) if chr(code).isalnum() or chr(code) == "_" else 32 for code in range(128)) * 2
#: Where scripts begin that write a word in few characters: kana, Han, Hangul.
_FIRST_EASTERN = 0x3040
#: Most words are none of the vocabulary, as their first and last letter and their length say.
_SIEVE = 4_096


@dataclass(frozen=True, slots=True)
class Hints:
    """What the page's metadata says of its text, "" if unknown; `evidence` is JSON-LD's articleBody, no white space."""

    title: str
    description: str
    evidence: str


class PartVocabulary:
    """The words of boilerplate, and those of one page's title and summary; `read` counts them in a text."""

    def __init__(self, hints: Hints) -> None:
        self.bits = dict(_KNOWN)
        self.sieve = bytearray(_KNOWN_SIEVE)
        self.title_size = self._learn(hints.title, _TITLED)
        self._learn(hints.description, _DESCRIBED)
        self.groups = self.count = self.titled = self.described = 0

    def _learn(self, text: str, bit: int) -> int:
        words = set(split(text.casefold()))
        for word in words:
            raw = word.encode("utf-8", "replace")
            self.bits[raw] = self.bits.get(raw, 0) | bit
            self.sieve[_place(raw, 0, len(raw))] = 1
        return len(words)

    def read(self, text: str) -> None:
        """Count the words of a text: `count` in all, those of the title and the summary; `groups` of boilerplate."""
        self.groups = self.count = self.titled = self.described = 0
        if text.isascii():
            self._read_plain(text.encode().translate(_TO_WORDS))
        else:
            for word in split(text.casefold()):
                self._count_word(word.encode("utf-8", "replace"))

    def _read_plain(self, given: bytes) -> None:
        raw, at, size = given, 0, len(given)
        while at < size:
            while at < size and raw[at] == 32:
                at += 1
            start = at
            while at < size and raw[at] != 32:
                at += 1
            if at > start:
                if self.sieve[_place(raw, start, at)]:
                    self._count_word(given[start:at])
                else:
                    self.count += 1

    def _count_word(self, word: bytes) -> None:
        self.count += 1
        if word in self.bits:
            bits = self.bits[word]
            self.groups |= bits
            self.titled += bits & _TITLED != 0
            self.described += bits & _DESCRIBED != 0


def _place(raw: bytes, start: int, end: int) -> int:
    return (raw[start] * 31 + raw[end - 1] * 7 + end - start) % _SIEVE


def _sieve_of(words: Iterable[bytes]) -> bytes:
    sieve = bytearray(_SIEVE)
    for word in words:
        sieve[_place(word, 0, len(word))] = 1
    return bytes(sieve)


_KNOWN_SIEVE = _sieve_of(_KNOWN)


def split(text: str) -> list[str]:
    """Return the words of a text, and each character of scripts that write a word in few."""
    words, start = [], -1
    for place, letter in enumerate(text):
        code = ord(letter)
        if code >= _FIRST_EASTERN and (code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF):
            words.append(letter)
        if letter.isalnum() or letter == "_":
            start = place if start < 0 else start
        elif start >= 0:
            words.append(text[start:place])
            start = -1
        if letter == "©":
            words.append(letter)
    if start >= 0:
        words.append(text[start:])
    return words
