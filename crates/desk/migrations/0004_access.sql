-- Who signs in, with what, since when; more kinds of units; validity, delegation, programs of units.

-- What `other` is. The first step's list of kinds stays as it is: SQLite cannot change a check.
ALTER TABLE unit ADD COLUMN other_kind TEXT CHECK (other_kind IS NULL OR kind = 'other');

-- Communes of a base office (BHXH cơ sở), a facility's or school's own commune, and the like.
CREATE TABLE unit_commune (
    unit TEXT NOT NULL REFERENCES unit (id),
    commune TEXT NOT NULL,
    PRIMARY KEY (unit, commune)
);

-- First and last day of a user's role, ISO; NULL is open.
ALTER TABLE desk_user ADD COLUMN valid_from TEXT;
ALTER TABLE desk_user ADD COLUMN valid_to TEXT;

-- How a user proves who they are. Times are Unix milliseconds.
CREATE TABLE account (
    user_id TEXT PRIMARY KEY REFERENCES desk_user (id),
    login TEXT NOT NULL UNIQUE,
    -- argon2id with its settings and salt; NULL until a password was chosen.
    password_hash TEXT,
    password_set_at BIGINT,
    -- A one-time code of an administrator, hashed like a password; used up at sign-in.
    code_hash TEXT,
    code_until BIGINT,
    -- Secret of the second factor, hexadecimal: one that waits for its first code, and the one in force.
    totp_waiting TEXT,
    totp_secret TEXT,
    -- The last step of thirty seconds whose code was taken: no code counts twice.
    totp_step BIGINT,
    CHECK ((password_hash IS NULL) = (password_set_at IS NULL)),
    CHECK ((code_hash IS NULL) = (code_until IS NULL))
);

-- A session. Of the token only the hash is kept.
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES desk_user (id),
    acting_for TEXT REFERENCES desk_user (id),
    -- Whether the one-time code was used, so that a password must be chosen before anything else.
    must_change BIGINT NOT NULL CHECK (must_change IN (0, 1)),
    made_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX session_of_user ON session (user_id, made_at);

-- Failures by account and by address, under a hash of what was typed: a name that does not exist is locked like one that does.
CREATE TABLE sign_in_failure (
    subject TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

-- Somebody acts for somebody who is away (ủy quyền), from a day to a day.
CREATE TABLE delegation (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    from_user TEXT NOT NULL REFERENCES desk_user (id),
    to_user TEXT NOT NULL REFERENCES desk_user (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT,
    CHECK (from_user <> to_user AND first_day <= last_day),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE INDEX delegation_to ON delegation (to_user);

-- Tokens of programs of a unit. Of the token only the hash is kept.
CREATE TABLE api_token (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    unit TEXT NOT NULL REFERENCES unit (id),
    label TEXT NOT NULL,
    -- Words of what it may ask, commas between them.
    scopes TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    revoked_by TEXT,
    revoked_at BIGINT,
    CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);
