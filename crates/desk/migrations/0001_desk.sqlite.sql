-- Guards that SQLite keeps by triggers. The BEFORE INSERT triggers stop INSERT OR REPLACE, which
-- would remove a row without firing a delete trigger.

CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END;
CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
WHEN EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'audit events are never replaced'); END;

CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal
BEGIN SELECT RAISE(ABORT, 'audit seals are never changed'); END;
CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal
BEGIN SELECT RAISE(ABORT, 'audit seals are never deleted'); END;
CREATE TRIGGER audit_seal_no_replace BEFORE INSERT ON audit_seal
WHEN EXISTS (SELECT 1 FROM audit_seal WHERE batch = NEW.batch OR first_seq = NEW.first_seq OR last_seq = NEW.last_seq)
BEGIN SELECT RAISE(ABORT, 'audit seals are never replaced'); END;

CREATE TRIGGER audit_counter_grows BEFORE UPDATE ON audit_counter WHEN NEW.last_seq < OLD.last_seq OR NEW.one <> OLD.one
BEGIN SELECT RAISE(ABORT, 'the audit counter only grows'); END;
CREATE TRIGGER audit_counter_no_delete BEFORE DELETE ON audit_counter
BEGIN SELECT RAISE(ABORT, 'the audit counter stays'); END;
CREATE TRIGGER audit_counter_no_insert BEFORE INSERT ON audit_counter
BEGIN SELECT RAISE(ABORT, 'there is one audit counter'); END;

CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are undone, never deleted'); END;
CREATE TRIGGER decision_undo_only BEFORE UPDATE ON decision
WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
  OR NEW.id <> OLD.id OR NEW.client_tx <> OLD.client_tx OR NEW.kind <> OLD.kind
  OR NEW.left_row <> OLD.left_row OR NEW.right_row <> OLD.right_row OR NEW.commune IS NOT OLD.commune
  OR NEW.period <> OLD.period OR NEW.reason <> OLD.reason
  OR NEW.decided_by <> OLD.decided_by OR NEW.decided_at <> OLD.decided_at
BEGIN SELECT RAISE(ABORT, 'a decision can only be undone, once'); END;
CREATE TRIGGER decision_no_replace BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'decisions are never replaced'); END;

CREATE TRIGGER target_no_update BEFORE UPDATE ON target
BEGIN SELECT RAISE(ABORT, 'targets are superseded, never changed'); END;
CREATE TRIGGER target_no_delete BEFORE DELETE ON target
BEGIN SELECT RAISE(ABORT, 'targets are superseded, never deleted'); END;
