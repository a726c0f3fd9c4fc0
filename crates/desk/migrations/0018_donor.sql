-- Donors (nhà tài trợ) who pay for health insurance or voluntary social insurance of people who cannot (plan IV.16): funds with their rules,
-- what was received, who was chosen, what was paid. A person stands here by the book's number alone. Money is whole đồng, days are ISO texts.

-- A fund (quỹ, chương trình) of one donor, kept by one unit; with a commune it is for that commune alone.
CREATE TABLE donor_fund (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    unit TEXT NOT NULL,
    commune TEXT,
    name TEXT NOT NULL,
    donor TEXT NOT NULL,
    donor_kind TEXT NOT NULL CHECK (donor_kind IN ('organisation', 'individual')),
    -- 1 where an individual asked not to be named.
    anonymous BIGINT NOT NULL CHECK (anonymous IN (0, 1)),
    scheme TEXT NOT NULL CHECK (scheme IN ('household_health', 'voluntary_social')),
    -- Codes of communes and ids of reasons, commas between them; empty: all.
    communes TEXT NOT NULL,
    reasons TEXT NOT NULL,
    -- Months paid for one person at most, and đồng.
    months BIGINT NOT NULL CHECK (months BETWEEN 1 AND 60),
    most BIGINT NOT NULL CHECK (most > 0),
    pledged BIGINT NOT NULL CHECK (pledged > 0),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    closed_on TEXT,
    close_reason TEXT,
    CHECK (first_day <= last_day),
    CHECK (donor_kind = 'individual' OR anonymous = 0),
    CHECK ((closed_on IS NULL) = (close_reason IS NULL))
);

-- Money received, with the number of its receipt (phiếu thu, giấy báo có). A wrong one is cancelled with a reason.
CREATE TABLE donor_receipt (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    fund TEXT NOT NULL REFERENCES donor_fund (id),
    dong BIGINT NOT NULL CHECK (dong > 0),
    number TEXT NOT NULL,
    day TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    cancelled_at BIGINT,
    cancelled_by TEXT,
    cancel_reason TEXT,
    CHECK ((cancelled_at IS NULL) = (cancelled_by IS NULL) AND (cancelled_at IS NULL) = (cancel_reason IS NULL))
);
CREATE UNIQUE INDEX donor_receipt_number ON donor_receipt (fund, number) WHERE cancelled_at IS NULL;

-- Somebody whom the commune chose out of its list, for some months. The person is the book's number.
CREATE TABLE donor_choice (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    fund TEXT NOT NULL REFERENCES donor_fund (id),
    person BIGINT NOT NULL,
    commune TEXT NOT NULL,
    -- Why they stand on the list: id of a rule.
    reason TEXT NOT NULL,
    scheme TEXT NOT NULL CHECK (scheme IN ('household_health', 'voluntary_social')),
    -- YYYY-MM.
    first_month TEXT NOT NULL,
    months BIGINT NOT NULL CHECK (months BETWEEN 1 AND 60),
    chosen_by TEXT NOT NULL,
    chosen_at BIGINT NOT NULL,
    dropped_at BIGINT,
    dropped_by TEXT,
    drop_reason TEXT,
    CHECK ((dropped_at IS NULL) = (dropped_by IS NULL) AND (dropped_at IS NULL) = (drop_reason IS NULL))
);
CREATE INDEX donor_choice_of ON donor_choice (fund, commune, id);
CREATE INDEX donor_choice_person ON donor_choice (person, scheme);

-- The months of a choice, one row each: a person has a month of a scheme from one fund only, whoever chose.
CREATE TABLE donor_month (
    choice TEXT NOT NULL REFERENCES donor_choice (id),
    person BIGINT NOT NULL,
    commune TEXT NOT NULL,
    scheme TEXT NOT NULL CHECK (scheme IN ('household_health', 'voluntary_social')),
    month TEXT NOT NULL,
    dropped_at BIGINT,
    PRIMARY KEY (choice, month)
);
CREATE UNIQUE INDEX donor_month_once ON donor_month (person, scheme, month) WHERE dropped_at IS NULL;

-- What was paid for a choice. It names no person, so that what a fund has left is known to everybody who keeps it.
CREATE TABLE donor_payment (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    choice TEXT NOT NULL REFERENCES donor_choice (id),
    fund TEXT NOT NULL REFERENCES donor_fund (id),
    commune TEXT NOT NULL,
    dong BIGINT NOT NULL CHECK (dong > 0),
    first_month TEXT NOT NULL,
    months BIGINT NOT NULL CHECK (months >= 1),
    number TEXT NOT NULL,
    day TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    cancelled_at BIGINT,
    cancelled_by TEXT,
    cancel_reason TEXT,
    CHECK ((cancelled_at IS NULL) = (cancelled_by IS NULL) AND (cancelled_at IS NULL) = (cancel_reason IS NULL))
);
CREATE UNIQUE INDEX donor_payment_once ON donor_payment (choice) WHERE cancelled_at IS NULL;
CREATE INDEX donor_payment_of ON donor_payment (fund, commune);
