-- What was given up after its term of retention, by decision: answers of schools, what people asked about their data, and who was chosen
-- for donors' funds that ended. What stays says how many and when, and nobody.

-- Answers of schools told before a moment are deleted.
CREATE TABLE school_erasure (
    id TEXT PRIMARY KEY,
    decision TEXT NOT NULL,
    -- ISO day, and the same in Unix milliseconds.
    before_day TEXT NOT NULL,
    told_before BIGINT NOT NULL,
    answers BIGINT NOT NULL,
    erased_by TEXT NOT NULL,
    erased_at BIGINT NOT NULL
);

-- Requests that ended lose their words, their history's words and who asked; kind, days, state and ground of the law stay.
CREATE TABLE subject_request_erasure (
    request TEXT PRIMARY KEY REFERENCES subject_request (id),
    decision TEXT NOT NULL,
    erased_by TEXT NOT NULL,
    erased_at BIGINT NOT NULL
);

-- Funds that ended: the book's numbers of people become numbers below 0 that stand for nobody, one for each person of the fund; reasons
-- in words go. Money, months, communes and days stay.
CREATE TABLE donor_erasure (
    fund TEXT PRIMARY KEY REFERENCES donor_fund (id),
    decision TEXT NOT NULL,
    erased_by TEXT NOT NULL,
    erased_at BIGINT NOT NULL
);

-- Where at the provider a session was opened, so that a sign-out there ends it here: hashes of issuer and `sub`, of issuer and `sid`. NULL for
-- the own password, and where the token did not say. A sign-in that waits for a code keeps them too.
ALTER TABLE session ADD COLUMN provider_sub TEXT;
ALTER TABLE session ADD COLUMN provider_sid TEXT;
ALTER TABLE identity_flow ADD COLUMN provider_sub TEXT;
ALTER TABLE identity_flow ADD COLUMN provider_sid TEXT;

-- Sign-outs that the provider told of, for as long as their tokens could come again (a quarter of an hour at most): each counts once, and a
-- sign-in of that session that was on its way opens nothing.
CREATE TABLE identity_logout (
    -- Hash of issuer and `jti`.
    id_hash TEXT PRIMARY KEY,
    sid_hash TEXT,
    until_at BIGINT NOT NULL
);
