CREATE TRIGGER committee_no_delete BEFORE DELETE ON committee
BEGIN SELECT RAISE(ABORT, 'bodies are never deleted'); END;
CREATE TRIGGER committee_no_replace BEFORE INSERT ON committee
WHEN EXISTS (SELECT 1 FROM committee WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'bodies are never replaced'); END;
CREATE TRIGGER committee_versions BEFORE UPDATE ON committee
WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id OR NEW.commune IS NOT OLD.commune OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a change of a body counts its version up'); END;
CREATE TRIGGER committee_member_no_delete BEFORE DELETE ON committee_member
BEGIN SELECT RAISE(ABORT, 'members leave, they are never deleted'); END;
CREATE TRIGGER committee_member_leaves BEFORE UPDATE ON committee_member
WHEN OLD.last_day IS NOT NULL OR NEW.last_day IS NULL OR NEW.id <> OLD.id OR NEW.committee <> OLD.committee OR NEW.name <> OLD.name
  OR NEW.office <> OLD.office OR NEW.part <> OLD.part OR NEW.decision <> OLD.decision OR NEW.decided_on <> OLD.decided_on
  OR NEW.first_day <> OLD.first_day OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a member can only leave, once'); END;
CREATE TRIGGER committee_meeting_no_delete BEFORE DELETE ON committee_meeting
BEGIN SELECT RAISE(ABORT, 'meetings are withdrawn, never deleted'); END;
CREATE TRIGGER committee_meeting_withdraw_only BEFORE UPDATE ON committee_meeting
WHEN OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR NEW.id <> OLD.id OR NEW.committee <> OLD.committee
  OR NEW.held_on <> OLD.held_on OR NEW.place <> OLD.place OR NEW.online <> OLD.online OR NEW.agenda <> OLD.agenda
  OR NEW.guests <> OLD.guests OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a meeting can only be withdrawn, once'); END;
CREATE TRIGGER committee_attendance_no_update BEFORE UPDATE ON committee_attendance
BEGIN SELECT RAISE(ABORT, 'attendance is never changed'); END;
CREATE TRIGGER committee_attendance_no_delete BEFORE DELETE ON committee_attendance
BEGIN SELECT RAISE(ABORT, 'attendance is never deleted'); END;
CREATE TRIGGER committee_conclusion_no_delete BEFORE DELETE ON committee_conclusion
BEGIN SELECT RAISE(ABORT, 'conclusions are dropped with a reason, never deleted'); END;
CREATE TRIGGER committee_conclusion_versions BEFORE UPDATE ON committee_conclusion
WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id OR NEW.committee <> OLD.committee OR NEW.meeting <> OLD.meeting
  OR NEW.what <> OLD.what OR NEW.unit <> OLD.unit OR NEW.due <> OLD.due OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a change of a conclusion counts its version up and leaves what was concluded'); END;
CREATE TRIGGER committee_file_no_delete BEFORE DELETE ON committee_file
BEGIN SELECT RAISE(ABORT, 'files are taken out, never deleted'); END;
CREATE TRIGGER committee_file_out_only BEFORE UPDATE ON committee_file
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL OR NEW.id <> OLD.id OR NEW.meeting <> OLD.meeting OR NEW.kind <> OLD.kind
  OR NEW.label <> OLD.label OR NEW.conclusion IS NOT OLD.conclusion OR NEW.target IS NOT OLD.target OR NEW.hash IS NOT OLD.hash
  OR NEW.content IS NOT OLD.content
BEGIN SELECT RAISE(ABORT, 'a file stays as it was given'); END;
CREATE TRIGGER committee_event_no_update BEFORE UPDATE ON committee_event
BEGIN SELECT RAISE(ABORT, 'the history of a body is never changed'); END;
CREATE TRIGGER committee_event_no_delete BEFORE DELETE ON committee_event
BEGIN SELECT RAISE(ABORT, 'the history of a body is never deleted'); END;
