-- The city's steering committee (ban chỉ đạo) and the communes' teams (tổ triển khai): who is in them, when they met, what was concluded
-- (plan III.2e). Members stand here by name and office: officials, of whom neither telephone nor personal number is kept. Days are ISO texts.

-- One body for the city (no commune) and one for each commune.
CREATE TABLE committee (
    id TEXT PRIMARY KEY,
    commune TEXT,
    name TEXT NOT NULL,
    -- Number and day of the decision that set it up or made it anew last.
    decision TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX committee_once ON committee (COALESCE(commune, ''));

-- Who is in it, from when to when, by which decision. Somebody who leaves stays with a last day.
CREATE TABLE committee_member (
    id TEXT PRIMARY KEY,
    committee TEXT NOT NULL REFERENCES committee (id),
    name TEXT NOT NULL,
    office TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('head', 'deputy', 'member', 'secretary')),
    decision TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    CHECK (last_day IS NULL OR first_day <= last_day)
);
CREATE INDEX committee_member_of ON committee_member (committee, first_day);

-- A meeting. One that was written down wrongly is withdrawn with a reason and counts no more.
CREATE TABLE committee_meeting (
    id TEXT PRIMARY KEY,
    committee TEXT NOT NULL REFERENCES committee (id),
    held_on TEXT NOT NULL,
    place TEXT NOT NULL,
    online BIGINT NOT NULL CHECK (online IN (0, 1)),
    agenda TEXT NOT NULL,
    -- Who else was there, in words.
    guests TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    withdraw_reason TEXT,
    CHECK ((withdrawn_at IS NULL) = (withdraw_reason IS NULL))
);
CREATE INDEX committee_meeting_of ON committee_meeting (committee, held_on);
CREATE TABLE committee_attendance (
    meeting TEXT NOT NULL REFERENCES committee_meeting (id),
    member TEXT NOT NULL REFERENCES committee_member (id),
    PRIMARY KEY (meeting, member)
);

-- What was concluded (kết luận): who leads it, until when. It is reported done, and confirmed or sent back.
CREATE TABLE committee_conclusion (
    id TEXT PRIMARY KEY,
    committee TEXT NOT NULL REFERENCES committee (id),
    meeting TEXT NOT NULL REFERENCES committee_meeting (id),
    what TEXT NOT NULL,
    unit TEXT NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'reported', 'confirmed', 'dropped')),
    -- What its unit reported.
    done TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX committee_conclusion_of ON committee_conclusion (committee, due);
CREATE INDEX committee_conclusion_unit ON committee_conclusion (unit, state, due);

-- Minutes of a meeting (no conclusion), or what shows that a conclusion was done: a document of the desk, or a file. Taken out, a row stays.
CREATE TABLE committee_file (
    id TEXT PRIMARY KEY,
    committee TEXT NOT NULL REFERENCES committee (id),
    meeting TEXT NOT NULL REFERENCES committee_meeting (id),
    conclusion TEXT REFERENCES committee_conclusion (id),
    kind TEXT NOT NULL CHECK (kind IN ('document', 'file')),
    label TEXT NOT NULL,
    -- Id of the document.
    target TEXT,
    media TEXT,
    size BIGINT,
    -- BLAKE3 of the bytes, hexadecimal.
    hash TEXT,
    content BYTEA,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_at BIGINT,
    CHECK ((kind = 'file') = (content IS NOT NULL) AND (kind = 'file') = (hash IS NOT NULL) AND (kind = 'file') = (target IS NULL))
);
CREATE INDEX committee_file_of ON committee_file (meeting, conclusion, id);

-- What was done with a body and all that belongs to it, in order. Rows are only added.
CREATE TABLE committee_event (
    id TEXT PRIMARY KEY,
    committee TEXT NOT NULL REFERENCES committee (id),
    client_tx TEXT NOT NULL,
    -- That of the body, or of the conclusion it is about.
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    -- Id of the member, meeting or conclusion it is about.
    value TEXT,
    day TEXT,
    reason TEXT
);
CREATE UNIQUE INDEX committee_event_once ON committee_event (committee, client_tx);
CREATE INDEX committee_event_value ON committee_event (value, at);
