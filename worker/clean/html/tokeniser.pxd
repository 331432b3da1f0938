# C types for tokeniser.py, which runs without them, too.
cimport cython

from worker.clean.html.builder cimport Builder
from worker.clean.html.class_names cimport marks_of
from worker.clean.html.trie cimport NameTrie
from worker.clean.html.syntax cimport Tag

cdef int BODY, BREAK, DROPPED, EMPTY, PASSED, ROOT, STATING, TITLE
cdef int MAX_MARKUP_BYTES, MAX_TAGS, MAX_DEPTH, MAX_REOPENED, _LONGEST_NAME
cdef bytes _SPACES, _ENDING_NAMES, _ENDING_VALUES, _LETTERS
cdef int _BANG, _QUOTE, _APOSTROPHE, _SLASH, _EQUALS, _GREATER, _QUESTION
cdef int NAMED, _CLASS, _LONGEST_CLASS, _LESS
cdef NameTrie _ELEMENTS, _ATTRIBUTES
cdef list _TAGS, _STATED
cdef int[::1] _READ
cdef int _NOTHING, _MARKS, _STATEMENTS
cdef Tag TIME


@cython.final
cdef class Tokeniser:
    cdef bytes html
    cdef str url
    cdef Py_ssize_t size, tags, dropped, class_start, class_end, value_start, value_end
    cdef int marks
    cdef bint ends_itself
    cdef Builder builder
    cdef Tag tag
    cdef dict given, others
    cdef set unclosed

    @cython.locals(html="const unsigned char*", size=Py_ssize_t, start=Py_ssize_t, at=Py_ssize_t, first=Py_ssize_t, code=int,
                   spaces="const unsigned char*")
    cpdef read(self)
    cdef _text(self, Py_ssize_t start, Py_ssize_t end, Py_ssize_t first)
    @cython.locals(code=int)
    cdef bint _is_markup(self, Py_ssize_t at)
    @cython.locals(code=int)
    cdef Py_ssize_t _markup(self, Py_ssize_t at)
    @cython.locals(found=Py_ssize_t)
    cdef Py_ssize_t _after(self, bytes mark, Py_ssize_t at)
    @cython.locals(html="const unsigned char*", size=Py_ssize_t)
    cdef Py_ssize_t _after_tag(self, Py_ssize_t at)
    @cython.locals(end=Py_ssize_t, html=bytes)
    cdef Py_ssize_t _comment(self, Py_ssize_t at)
    @cython.locals(end=Py_ssize_t, tag=Tag)
    cdef Py_ssize_t _closing_tag(self, Py_ssize_t start)
    @cython.locals(name_end=Py_ssize_t, end=Py_ssize_t, tag=Tag, kind=int, class_name=bytes, given=dict, is_passed=bint)
    cdef Py_ssize_t _opening_tag(self, Py_ssize_t start)
    cdef _count(self, Py_ssize_t end)
    cdef _bound_bytes(self, Py_ssize_t end)
    cdef _bound(self)
    @cython.locals(html="const unsigned char*", size=Py_ssize_t, start=Py_ssize_t, number=int,
                   ending="const unsigned char*")
    cdef Py_ssize_t _name(self, Py_ssize_t at)
    @cython.locals(tag=Tag)
    cdef Tag _other(self, bytes name)
    @cython.locals(html="const unsigned char*", size=Py_ssize_t, code=int, spaces="const unsigned char*")
    cdef Py_ssize_t _attributes(self, Py_ssize_t at, int wanted)
    @cython.locals(html="const unsigned char*", size=Py_ssize_t, at=Py_ssize_t, name_end=Py_ssize_t, number=int,
                   ending="const unsigned char*")
    cdef Py_ssize_t _attribute(self, Py_ssize_t start, int wanted)
    @cython.locals(html="const unsigned char*", size=Py_ssize_t, spaces="const unsigned char*")
    cdef Py_ssize_t _after_spaces(self, Py_ssize_t at)
    @cython.locals(html="const unsigned char*", size=Py_ssize_t, quote=int, ending="const unsigned char*")
    cdef Py_ssize_t _value(self, Py_ssize_t at)
    cdef _read_attribute(self, int number, int wanted, Py_ssize_t start, Py_ssize_t end)
    @cython.locals(marks=int, class_start=Py_ssize_t, class_end=Py_ssize_t)
    cdef dict _stated(self, Py_ssize_t at)
    @cython.locals(name=str, inside=Py_ssize_t)
    cdef Py_ssize_t _dropped(self, Tag tag, Py_ssize_t start, Py_ssize_t end)
    @cython.locals(html=bytes, length=Py_ssize_t, code=int)
    cdef Py_ssize_t _closed(self, Tag tag, Py_ssize_t at)
    @cython.locals(html="const unsigned char*", size=Py_ssize_t, end=Py_ssize_t, closed=set)
    cdef _find_unclosed(self, Py_ssize_t at)
    @cython.locals(inside=Py_ssize_t)
    cdef Py_ssize_t _title(self, Tag tag, Py_ssize_t end)
    @cython.locals(stated=dict)
    cdef _state(self, Tag tag, Py_ssize_t start, Py_ssize_t end)
    @cython.locals(stated=dict)
    cdef _state_link(self, bytes given, Py_ssize_t start)
    cdef _state_meta(self, dict stated)


cdef bytes _cut(const unsigned char* html, Py_ssize_t start, Py_ssize_t end)
cdef str _plain_value(bytes raw)
