CREATE TRIGGER outbox_event_no_update BEFORE UPDATE ON outbox_event
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER outbox_event_no_delete BEFORE DELETE ON outbox_event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER outbox_event_no_replace BEFORE INSERT ON outbox_event
WHEN EXISTS (SELECT 1 FROM outbox_event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END;
CREATE TRIGGER outbox_delivery_done_once BEFORE UPDATE ON outbox_delivery
WHEN OLD.state = 'done' OR NEW.event <> OLD.event OR NEW.receiver <> OLD.receiver
BEGIN SELECT RAISE(ABORT, 'what was delivered stays delivered'); END;
CREATE TRIGGER outbox_delivery_no_delete BEFORE DELETE ON outbox_delivery
BEGIN SELECT RAISE(ABORT, 'deliveries are never deleted'); END;
