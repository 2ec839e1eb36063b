-- Access and refresh tokens (RFC 6749) of the providers in the configuration, sealed with the keys of token_key.
CREATE TABLE oauth_token (
    -- The NAME of [oauth.NAME].
    provider     TEXT    NOT NULL,
    -- The user a token is for; empty where one serves all.
    subject      TEXT    NOT NULL,
    access       BLOB,
    refresh      BLOB,
    scopes       TEXT    NOT NULL DEFAULT '',
    expires_at   INTEGER NOT NULL DEFAULT 0,
    renew_at     INTEGER NOT NULL DEFAULT 0,
    renewed_at   INTEGER,
    -- Why the last renewal failed; empty when it did not.
    error        TEXT    NOT NULL DEFAULT '',
    -- The failure stays until a person does something.
    stays        INTEGER NOT NULL DEFAULT 0 CHECK (stays IN (0, 1)),
    failed_at    INTEGER,
    retry_at     INTEGER NOT NULL DEFAULT 0,
    -- Who may renew it now: the last number that was given out, and until when it holds.
    lease_number INTEGER NOT NULL DEFAULT 0,
    lease_until  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (provider, subject)
) STRICT;
