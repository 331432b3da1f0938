# C types for builder.py, which runs without them, too.
cimport cython

from worker.clean.html.block cimport RawBlock
from worker.clean.html.syntax cimport Tag

cdef int BUTTON, CAPTION, CELL, EMPHASISED, ENDED_IN_SCOPE, ENDS_PARAGRAPH, FOOTER, FORM, FORMATTING, HEADING
cdef int IMPLIED, INLINED, ITEM, LINKED, LIST, MARKER, PASSED, PASSED_BY_ITEMS, ROW, ROWS, RUBY, SPECIAL, TABLE
cdef int TABLE_PART, TERM, WALL
cdef int BYLINE, HIDDEN, MAX_BLOCKS, MAX_NAMED
cdef int _NAMED_CHARS, _NAMED_PARTS, _MOST_HEADINGS, _MOST_ALIKE, _LONGEST_SPACE, _IN_ARTICLE
cdef Tag LINK, MAIN_HEADING, NO_BREAK, PARAGRAPH, ROOT_BODY, TABLE_BODY, TABLE_ROW, TIME


@cython.final
@cython.freelist(64)
cdef class OpenElement:
    cdef Tag tag
    cdef int element, own, inline, marks
    cdef bint is_block, is_passed, is_ended, is_open
    cdef object named


@cython.final
cdef class Builder:
    cdef public object tree
    cdef list open, active, parts
    cdef list blocks, parents, containers, tags, element_marks, regions, depths, selectors, firsts, ends
    cdef readonly int reopened
    cdef bint has_form
    cdef int paragraphs, breaks, links, emphasis, link_count, marks

    cdef OpenElement _top(self)
    cpdef Py_ssize_t depth(self)
    cpdef bint passes(self)
    @cython.locals(top=OpenElement, length=int)
    cpdef text(self, bytes raw, Py_ssize_t first)
    cpdef space(self)
    @cython.locals(top=OpenElement)
    cpdef line_break(self)
    cpdef body(self, int marks, bytes class_name)
    cpdef start(self, Tag tag, int marks, bytes class_name, dict given)
    cpdef empty(self, Tag tag)
    @cython.locals(top=OpenElement, rules=int)
    cpdef end(self, Tag tag)
    cpdef finish(self)

    @cython.locals(at=Py_ssize_t, entry=OpenElement)
    cdef Py_ssize_t _find(self, Tag tag, int walls, int rule=*)
    @cython.locals(rules=int, is_ignored=bint)
    cdef bint _make_room(self, Tag tag)
    @cython.locals(table=Py_ssize_t, inside=Py_ssize_t, rules=int)
    cdef bint _make_room_in_table(self, Tag tag)
    @cython.locals(entry=OpenElement)
    cdef bint _is_at(self, Py_ssize_t at, int rule)
    @cython.locals(place=Py_ssize_t)
    cdef _end_table_without_cell(self)
    @cython.locals(top=OpenElement)
    cdef bint _is_form_ignored(self)
    @cython.locals(place=Py_ssize_t, entry=OpenElement)
    cdef _end_form(self, Tag tag)
    cdef _end_paragraph(self)
    @cython.locals(at=Py_ssize_t, entry=OpenElement)
    cdef _end_item(self, int rule)
    cdef _pop_top(self, int rule)
    cdef _pop_implied(self)
    @cython.locals(at=Py_ssize_t, entry=OpenElement)
    cdef Py_ssize_t _active_place(self, Tag tag)
    @cython.locals(at=Py_ssize_t, place=Py_ssize_t, entry=OpenElement)
    cdef _end_formatting(self, Tag tag)
    @cython.locals(at=Py_ssize_t)
    cdef Py_ssize_t _last_special(self, Py_ssize_t place)
    @cython.locals(ended=OpenElement, around=OpenElement, entry=OpenElement)
    cdef _end_below(self, Py_ssize_t place)
    @cython.locals(at=Py_ssize_t)
    cdef _forget(self, OpenElement entry)
    @cython.locals(at=Py_ssize_t, entry=OpenElement, again=OpenElement)
    cdef _reopen(self)
    @cython.locals(entry=OpenElement)
    cdef _push(self, Tag tag, int marks, bytes class_name, dict given)
    @cython.locals(alike=int, earliest=Py_ssize_t, at=Py_ssize_t, other=OpenElement)
    cdef _activate(self, OpenElement entry)
    @cython.locals(around=OpenElement, entry=OpenElement)
    cdef OpenElement _opened(self, Tag tag, int marks, bytes class_name, dict given)
    cdef bint _is_left_out(self, int kind, int around)
    cdef _pop_to(self, Py_ssize_t place)
    cdef _pop(self)
    @cython.locals(entry=OpenElement)
    cdef _pop_one(self)
    @cython.locals(number=int, region=int, container=int, depth=int, around=int)
    cdef int _begin(self, Tag tag, int parent, int marks, bytes class_name)
    cdef _leave(self, Tag tag, int element)
    cdef _name(self, named, int element)
    cdef _flush_at(self, int element)
    @cython.locals(text=str)
    cdef _flush(self, int element)


@cython.locals(entry=OpenElement)
cdef OpenElement _new_open(Tag tag, int element, int inline, bint is_passed)
cdef int _walls(int rules)
@cython.locals(text=str)
cdef str _plain(bytes raw)
@cython.locals(is_space=bint, letter=Py_UCS4)
cdef bint _is_collapsed(str text)
@cython.locals(code=int)
cdef bint _is_foreign_space(bytes raw, Py_ssize_t first)
