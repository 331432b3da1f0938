# C types for class_names.py, which runs without them, too.
cimport cython

from worker.clean.html.automaton cimport Automaton

cdef Automaton _FOUND
cdef int _PROPERTY, _MOST_CLASSES, _LONGEST
cdef int _WORDS_OF_CLASS, _WORDS_OF_NAME, _WORDS_OF_PROPERTY, _REL, _STYLE, _STATED, _UNSEEN


@cython.locals(value=bytes, naming=int)
cpdef int marks_of(int how, bytes html, Py_ssize_t start, Py_ssize_t end)
