-- Satisfaction (mức độ hài lòng, indicator I6) and money of tasks (plan V, IV.4, IV.17).

-- A campaign of a short survey about one service of one unit. Questions and rule are kept as they were when it was made.
CREATE TABLE survey_campaign (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    service TEXT NOT NULL,
    -- Id of the survey in the content folder, and a hash of it.
    survey TEXT NOT NULL,
    survey_hash TEXT NOT NULL,
    unit TEXT NOT NULL,
    commune TEXT,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    questions BIGINT NOT NULL CHECK (questions BETWEEN 1 AND 10),
    -- An answer is satisfied from this mean of its steps on, in hundredths.
    satisfied_from BIGINT NOT NULL CHECK (satisfied_from BETWEEN 100 AND 500),
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    closed_on TEXT,
    CHECK (first_day <= last_day)
);

-- Links that were made together.
CREATE TABLE survey_issue (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    campaign TEXT NOT NULL REFERENCES survey_campaign (id),
    links BIGINT NOT NULL CHECK (links > 0),
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX survey_issue_of ON survey_issue (campaign);

-- A link by the hash of its token. That it was used is known, not when and not for which answer.
CREATE TABLE survey_token (
    hash TEXT PRIMARY KEY,
    campaign TEXT NOT NULL REFERENCES survey_campaign (id),
    used BIGINT NOT NULL CHECK (used IN (0, 1))
);

-- An answer: a random id, the day, a step from 1 to 5 for each question, commas between them. Nothing of who gave it.
CREATE TABLE survey_answer (
    id TEXT PRIMARY KEY,
    campaign TEXT NOT NULL REFERENCES survey_campaign (id),
    day TEXT NOT NULL,
    steps TEXT NOT NULL
);
CREATE INDEX survey_answer_of ON survey_answer (campaign, day, steps);

-- How many answers came in an hour (Unix time by 3600), to see crowds of them.
CREATE TABLE survey_hour (
    campaign TEXT NOT NULL REFERENCES survey_campaign (id),
    hour BIGINT NOT NULL,
    answers BIGINT NOT NULL CHECK (answers > 0),
    PRIMARY KEY (campaign, hour)
);

-- Money of a task in a year, by source and unit, in whole đồng. A correction is the next version with its reason; the highest one counts.
CREATE TABLE task_money (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    year BIGINT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('city_budget', 'commune_budget', 'insurance', 'other')),
    unit TEXT NOT NULL,
    commune TEXT,
    version BIGINT NOT NULL CHECK (version >= 1),
    planned BIGINT NOT NULL CHECK (planned >= 0),
    spent BIGINT NOT NULL CHECK (spent >= 0),
    reason TEXT,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    CHECK (version = 1 OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX task_money_version ON task_money (plan, task, year, source, unit, version);
