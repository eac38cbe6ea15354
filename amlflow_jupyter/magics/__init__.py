"""The magics: parse a line, call the session, show what came of it."""
