-- Claims audit (giám định BHYT): one case a visit that a facility asks payment for, its lines, the facility's answers, who signed what,
-- samples (giám định theo mẫu) and checks on the spot. A visit is named by the book's number alone; money is whole đồng, days are ISO
-- texts, months `2026-10`.
CREATE TABLE review_case (
    id TEXT PRIMARY KEY,
    visit BIGINT NOT NULL UNIQUE CHECK (visit > 0),
    -- Code of the facility (mã cơ sở KCB), and the commune it stands in; NULL when unknown: then only the whole city sees the case.
    facility TEXT NOT NULL,
    commune TEXT,
    period TEXT NOT NULL,
    -- Number of the dossier on the agency's portal (mã hồ sơ trên Cổng giám định).
    portal_code TEXT,
    state TEXT NOT NULL
        CHECK (state IN ('open', 'proposed', 'sent', 'answered', 'decided', 'appealed', 'final', 'closed')),
    owner TEXT,
    -- What the visit asks of the fund; what is expected to come of the case. Their order: expected money by the strength of the finding
    -- (1 warns, 2 asks for an explanation, 3 the facts alone decide).
    billed BIGINT NOT NULL CHECK (billed > 0),
    expected BIGINT NOT NULL CHECK (expected >= 0),
    strength BIGINT NOT NULL CHECK (strength IN (1, 2, 3)),
    priority BIGINT NOT NULL CHECK (priority >= 0),
    -- What the case is found by, in lower case without marks.
    words TEXT NOT NULL,
    sent_on TEXT,
    due TEXT,
    answered_on TEXT,
    -- Whether the facility answered after its day.
    late BIGINT NOT NULL CHECK (late IN (0, 1)),
    -- Id of the document it was sent with; NULL: by an own channel, told in the history.
    notice TEXT,
    -- The first signature that waits for the second one.
    pending TEXT,
    -- The document by which it was referred to another authority: a mark.
    referred TEXT,
    asked BIGINT NOT NULL,
    proposed BIGINT NOT NULL,
    -- Refused by the decision; overturned after an appeal; collected, or set off, of what is left.
    decided BIGINT NOT NULL,
    overturned BIGINT NOT NULL,
    collected BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CHECK (asked BETWEEN 0 AND billed),
    CHECK (proposed BETWEEN 0 AND asked),
    CHECK (decided BETWEEN 0 AND proposed),
    CHECK (overturned BETWEEN 0 AND decided),
    CHECK (collected BETWEEN 0 AND decided),
    CHECK ((sent_on IS NULL) = (due IS NULL)),
    CHECK (state NOT IN ('open', 'proposed') OR sent_on IS NULL),
    CHECK (state IN ('open', 'proposed', 'closed') OR sent_on IS NOT NULL)
);
-- The queue in its three orders, what is open first; a facility's own list; an owner's work.
CREATE INDEX review_case_priority ON review_case (priority, id);
CREATE INDEX review_case_billed ON review_case (billed, id);
CREATE INDEX review_case_due ON review_case (due, id) WHERE state = 'sent';
CREATE INDEX review_case_facility ON review_case (facility, state, id);
CREATE INDEX review_case_owner ON review_case (owner, state) WHERE owner IS NOT NULL;
CREATE INDEX review_case_period ON review_case (period, facility);
CREATE INDEX review_case_state ON review_case (state, commune);

-- One finding of the case. What it asks stays; the reason and the law are those of the rule until they are proposed.
CREATE TABLE review_line (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES review_case (id),
    finding_key TEXT NOT NULL,
    rule TEXT NOT NULL,
    strength BIGINT NOT NULL CHECK (strength IN (1, 2, 3)),
    -- The line of the claim it is about (XML2, 5, …); NULL: the visit as a whole.
    line_table TEXT,
    line_no BIGINT,
    reason TEXT NOT NULL,
    law TEXT NOT NULL,
    asked BIGINT NOT NULL CHECK (asked >= 0),
    proposed BIGINT NOT NULL,
    decided BIGINT NOT NULL,
    overturned BIGINT NOT NULL,
    decision TEXT CHECK (decision IN ('accepted', 'refused', 'adjusted')),
    decision_reason TEXT,
    appeal TEXT CHECK (appeal IN ('upheld', 'partly', 'overturned')),
    appeal_reason TEXT,
    CHECK (proposed BETWEEN 0 AND asked),
    CHECK (decided BETWEEN 0 AND proposed),
    CHECK (overturned BETWEEN 0 AND decided),
    CHECK (decision IS NOT NULL OR decided = 0),
    CHECK (appeal IS NOT NULL OR overturned = 0)
);
CREATE UNIQUE INDEX review_line_finding ON review_line (case_id, finding_key);
CREATE INDEX review_line_rule ON review_line (rule, case_id);

-- What was done with a case, in order. Rows are only added.
CREATE TABLE review_event (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES review_case (id),
    client_tx TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    value TEXT,
    day TEXT,
    reason TEXT
);
CREATE UNIQUE INDEX review_event_once ON review_event (case_id, client_tx);
CREATE INDEX review_event_order ON review_event (case_id, at, id);

-- What the facility said, as form 09/BH asks it: it withdraws or adjusts a line, or explains; and later what it appeals against.
CREATE TABLE review_answer (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES review_case (id),
    line TEXT REFERENCES review_line (id),
    kind TEXT NOT NULL CHECK (kind IN ('withdraw', 'adjust', 'explain', 'appeal')),
    -- Empty once it was erased by decision.
    words TEXT NOT NULL,
    amount BIGINT,
    late BIGINT NOT NULL CHECK (late IN (0, 1)),
    answered_by TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    CHECK (amount IS NULL OR (kind = 'adjust' AND amount >= 0)),
    CHECK (kind <> 'appeal' OR line IS NOT NULL)
);
CREATE INDEX review_answer_case ON review_answer (case_id, id);
CREATE INDEX review_answer_line ON review_answer (line, kind);

-- Files: the facility's proof, the agency's minutes, others of the agency's own.
CREATE TABLE review_file (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES review_case (id),
    client_tx TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('proof', 'minutes', 'other')),
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size > 0),
    -- BLAKE3 of the bytes, hexadecimal.
    hash TEXT NOT NULL,
    content BYTEA NOT NULL,
    by_facility BIGINT NOT NULL CHECK (by_facility IN (0, 1)),
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE INDEX review_file_case ON review_file (case_id);

-- A decision, or the answer to an appeal, between its first and its second signature. It takes effect with the second one, by somebody
-- else; the agency alone sees it before.
CREATE TABLE review_signature (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES review_case (id),
    kind TEXT NOT NULL CHECK (kind IN ('decide', 'settle')),
    -- Who signed, and for whom where they acted for somebody who was away.
    first_by TEXT NOT NULL,
    first_for TEXT,
    first_at BIGINT NOT NULL,
    second_by TEXT,
    second_for TEXT,
    second_at BIGINT,
    void_by TEXT,
    void_at BIGINT,
    CHECK ((second_by IS NULL) = (second_at IS NULL) AND (void_by IS NULL) = (void_at IS NULL)),
    CHECK (second_by IS NULL OR void_by IS NULL),
    CHECK (second_by IS NULL OR (second_by <> first_by AND second_by <> COALESCE(first_for, '')
           AND COALESCE(second_for, ' ') <> first_by AND COALESCE(second_for, ' ') <> COALESCE(first_for, '')))
);
CREATE INDEX review_signature_case ON review_signature (case_id);
CREATE TABLE review_signature_line (
    signature TEXT NOT NULL REFERENCES review_signature (id),
    line TEXT NOT NULL REFERENCES review_line (id),
    decision TEXT CHECK (decision IN ('accepted', 'refused', 'adjusted')),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    reason TEXT NOT NULL,
    PRIMARY KEY (signature, line)
);

-- Cases whose files and words were erased after their term of retention, by decision.
CREATE TABLE review_erasure (
    case_id TEXT PRIMARY KEY REFERENCES review_case (id),
    decision TEXT NOT NULL,
    erased_by TEXT NOT NULL,
    erased_at BIGINT NOT NULL
);

-- A sample of the visits of a facility's month, drawn by a stated seed. A tool of the auditor: the law fixes no such rule.
CREATE TABLE review_sample (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    facility TEXT NOT NULL,
    commune TEXT,
    period TEXT NOT NULL,
    seed TEXT NOT NULL,
    confidence TEXT NOT NULL CHECK (confidence IN ('p90', 'p95', 'p99')),
    population BIGINT NOT NULL,
    population_amount BIGINT NOT NULL CHECK (population_amount >= 0),
    -- BLAKE3 over the visits and amounts drawn from, so that the draw can be repeated and checked.
    population_hash TEXT NOT NULL,
    size BIGINT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    closed_by TEXT,
    closed_at BIGINT,
    CHECK (size BETWEEN 1 AND population),
    CHECK ((closed_by IS NULL) = (closed_at IS NULL))
);
CREATE INDEX review_sample_facility ON review_sample (facility, id);
CREATE TABLE review_sample_visit (
    sample TEXT NOT NULL REFERENCES review_sample (id),
    -- From 1, in the order they were drawn.
    place BIGINT NOT NULL CHECK (place >= 1),
    visit BIGINT NOT NULL CHECK (visit > 0),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    -- What of it should not have been asked; NULL: not yet looked at.
    error BIGINT,
    note TEXT,
    checked_by TEXT,
    checked_at BIGINT,
    PRIMARY KEY (sample, place),
    UNIQUE (sample, visit),
    CHECK (error IS NULL OR error BETWEEN 0 AND amount),
    CHECK ((error IS NULL) = (checked_by IS NULL) AND (error IS NULL) = (checked_at IS NULL))
);

-- A check on the spot by a checklist: of the contract of treatment, of inpatients' rights, of one matter.
CREATE TABLE review_visit (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    facility TEXT NOT NULL,
    commune TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('contract', 'inpatient_rights', 'thematic')),
    day TEXT NOT NULL,
    summary TEXT NOT NULL,
    -- Id or number of the minutes (biên bản).
    minutes TEXT,
    minutes_tx TEXT,
    withdrawn TEXT,
    withdrawn_tx TEXT,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    changed_at BIGINT NOT NULL,
    CHECK ((minutes IS NULL) = (minutes_tx IS NULL) AND (withdrawn IS NULL) = (withdrawn_tx IS NULL))
);
CREATE INDEX review_visit_day ON review_visit (day, id);
CREATE TABLE review_visit_answer (
    review_visit TEXT NOT NULL REFERENCES review_visit (id),
    place BIGINT NOT NULL,
    -- Key of the item in the checklist, which is data.
    item TEXT NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('yes', 'no', 'not_applicable')),
    note TEXT,
    PRIMARY KEY (review_visit, item)
);
CREATE TABLE review_visit_case (
    review_visit TEXT NOT NULL REFERENCES review_visit (id),
    case_id TEXT NOT NULL REFERENCES review_case (id),
    PRIMARY KEY (review_visit, case_id)
);
CREATE INDEX review_visit_case_of ON review_visit_case (case_id);
