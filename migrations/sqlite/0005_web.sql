-- Who is signed in on the pages. Only the SHA-256 of a cookie is kept: who reads the database cannot use it.
CREATE TABLE session (
    id         BLOB    NOT NULL PRIMARY KEY,
    -- The Business Account's user name.
    email      TEXT    NOT NULL,
    -- 'code': the password was right, and the second factor's code is still to come.
    stage      TEXT    NOT NULL CHECK (stage IN ('code', 'signed_in')),
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX session_email ON session (email);
CREATE INDEX session_used ON session (used_at);

-- Browsers in which somebody signed in before: strangers' failures do not slow them down. SHA-256 of a cookie.
CREATE TABLE device (
    id      BLOB    NOT NULL PRIMARY KEY,
    email   TEXT    NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_used ON device (used_at);

-- Attempts that failed, by the SHA-256 of what is counted: an address from a place, an address as such, a browser.
CREATE TABLE throttle (
    id       BLOB    NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX throttle_last ON throttle (last_at);
