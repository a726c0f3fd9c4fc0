-- Collectors (nhân viên thu) of collection organisations (tổ chức hỗ trợ phát triển đối tượng): their cards, trainings, complaints about
-- them, and the cases handed to them in a list that expires (plan III.2c). Days are ISO texts.

-- Somebody who collects for one organisation. Who goes to another organisation is another collector there.
CREATE TABLE collector (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    organisation TEXT NOT NULL REFERENCES unit (id),
    -- Codes of the collecting point (điểm thu) and of the collector as the forms D03-TS and D03-TK1-VNPT write them.
    point TEXT NOT NULL,
    code TEXT NOT NULL,
    holder TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    UNIQUE (point, code)
);
CREATE INDEX collector_of ON collector (organisation, id);

-- A card (thẻ nhân viên thu). It is given for a time and an area, and may be withdrawn once, with a reason.
CREATE TABLE collector_card (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    collector TEXT NOT NULL REFERENCES collector (id),
    -- That of the collector, so that who sees a card is decided here.
    organisation TEXT NOT NULL REFERENCES unit (id),
    number TEXT NOT NULL UNIQUE,
    -- Codes of communes, commas between them.
    area TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    -- First day on which it holds no more.
    withdrawn_on TEXT,
    withdrawn_by TEXT,
    withdrawn_at BIGINT,
    withdraw_reason TEXT,
    CHECK (first_day <= last_day),
    CHECK ((withdrawn_on IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_on IS NULL) = (withdrawn_at IS NULL)
           AND (withdrawn_on IS NULL) = (withdraw_reason IS NULL))
);
CREATE INDEX collector_card_of ON collector_card (collector, last_day);

-- A training (tập huấn) and who was there. It holds nothing of people.
CREATE TABLE collector_training (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    held_on TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- Last day on which its certificate holds; NULL: no certificate was given.
    certificate_until TEXT,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    CHECK (certificate_until IS NULL OR certificate_until >= held_on)
);
CREATE TABLE collector_attendance (
    training TEXT NOT NULL REFERENCES collector_training (id),
    collector TEXT NOT NULL REFERENCES collector (id),
    PRIMARY KEY (training, collector)
);
CREATE INDEX collector_attendance_of ON collector_attendance (collector);

-- A complaint about a collector (phản ánh), received and resolved once.
CREATE TABLE collector_complaint (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    collector TEXT NOT NULL REFERENCES collector (id),
    category TEXT NOT NULL CHECK (category IN ('attitude', 'money', 'wrong_advice', 'personal_data', 'late', 'other')),
    words TEXT NOT NULL,
    received_on TEXT NOT NULL,
    due TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    verdict TEXT CHECK (verdict IN ('upheld', 'partly', 'not_upheld')),
    resolved_on TEXT,
    resolved_by TEXT,
    resolved_at BIGINT,
    resolution TEXT,
    CHECK (received_on <= due),
    CHECK ((verdict IS NULL) = (resolved_on IS NULL) AND (verdict IS NULL) = (resolved_by IS NULL)
           AND (verdict IS NULL) = (resolved_at IS NULL) AND (verdict IS NULL) = (resolution IS NULL))
);
CREATE INDEX collector_complaint_of ON collector_complaint (collector, received_on);

-- Cases handed to a collector until a day. A case counts for whom it was handed to last.
CREATE TABLE collector_list (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    collector TEXT NOT NULL REFERENCES collector (id),
    card TEXT NOT NULL REFERENCES collector_card (id),
    campaign TEXT NOT NULL,
    handed_on TEXT NOT NULL,
    last_day TEXT NOT NULL,
    cases BIGINT NOT NULL CHECK (cases > 0),
    left_out BIGINT NOT NULL CHECK (left_out >= 0),
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    CHECK (handed_on <= last_day)
);
CREATE INDEX collector_list_of ON collector_list (collector, id);
CREATE TABLE collector_list_case (
    list TEXT NOT NULL REFERENCES collector_list (id),
    case_id TEXT NOT NULL REFERENCES work_case (id),
    PRIMARY KEY (list, case_id)
);
CREATE INDEX collector_list_case_of ON collector_list_case (case_id, list);
