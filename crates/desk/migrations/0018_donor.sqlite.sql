CREATE TRIGGER donor_fund_no_delete BEFORE DELETE ON donor_fund
BEGIN SELECT RAISE(ABORT, 'funds are closed, never deleted'); END;
CREATE TRIGGER donor_fund_close_only BEFORE UPDATE ON donor_fund
WHEN OLD.closed_on IS NOT NULL OR NEW.closed_on IS NULL OR NEW.id <> OLD.id OR NEW.unit <> OLD.unit OR NEW.commune IS NOT OLD.commune
  OR NEW.name <> OLD.name OR NEW.donor <> OLD.donor OR NEW.donor_kind <> OLD.donor_kind OR NEW.anonymous <> OLD.anonymous
  OR NEW.scheme <> OLD.scheme OR NEW.communes <> OLD.communes OR NEW.reasons <> OLD.reasons OR NEW.months <> OLD.months
  OR NEW.most <> OLD.most OR NEW.pledged <> OLD.pledged OR NEW.first_day <> OLD.first_day OR NEW.last_day <> OLD.last_day
BEGIN SELECT RAISE(ABORT, 'a fund can only be closed, once'); END;
CREATE TRIGGER donor_receipt_no_delete BEFORE DELETE ON donor_receipt
BEGIN SELECT RAISE(ABORT, 'receipts are cancelled, never deleted'); END;
CREATE TRIGGER donor_receipt_cancel_only BEFORE UPDATE ON donor_receipt
WHEN OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL OR NEW.id <> OLD.id OR NEW.fund <> OLD.fund OR NEW.dong <> OLD.dong
  OR NEW.number <> OLD.number OR NEW.day <> OLD.day
BEGIN SELECT RAISE(ABORT, 'a receipt can only be cancelled, once'); END;
CREATE TRIGGER donor_choice_no_delete BEFORE DELETE ON donor_choice
BEGIN SELECT RAISE(ABORT, 'choices are dropped, never deleted'); END;
CREATE TRIGGER donor_choice_drop_only BEFORE UPDATE ON donor_choice
WHEN OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL OR NEW.id <> OLD.id OR NEW.fund <> OLD.fund OR NEW.person <> OLD.person
  OR NEW.commune <> OLD.commune OR NEW.reason <> OLD.reason OR NEW.scheme <> OLD.scheme OR NEW.first_month <> OLD.first_month
  OR NEW.months <> OLD.months
BEGIN SELECT RAISE(ABORT, 'a choice can only be dropped, once'); END;
CREATE TRIGGER donor_month_no_delete BEFORE DELETE ON donor_month
BEGIN SELECT RAISE(ABORT, 'months of a choice are dropped, never deleted'); END;
CREATE TRIGGER donor_month_drop_only BEFORE UPDATE ON donor_month
WHEN OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL OR NEW.choice <> OLD.choice OR NEW.person <> OLD.person
  OR NEW.scheme <> OLD.scheme OR NEW.month <> OLD.month
BEGIN SELECT RAISE(ABORT, 'a month of a choice can only be dropped, once'); END;
CREATE TRIGGER donor_payment_no_delete BEFORE DELETE ON donor_payment
BEGIN SELECT RAISE(ABORT, 'payments are cancelled, never deleted'); END;
CREATE TRIGGER donor_payment_cancel_only BEFORE UPDATE ON donor_payment
WHEN OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL OR NEW.id <> OLD.id OR NEW.choice <> OLD.choice OR NEW.fund <> OLD.fund
  OR NEW.commune <> OLD.commune OR NEW.dong <> OLD.dong OR NEW.first_month <> OLD.first_month OR NEW.months <> OLD.months
  OR NEW.number <> OLD.number OR NEW.day <> OLD.day
BEGIN SELECT RAISE(ABORT, 'a payment can only be cancelled, once'); END;
