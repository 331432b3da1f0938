"""Statements, from text to who said what: sentences, quotes, cues, links, speakers. Pure."""
