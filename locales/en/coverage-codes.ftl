# Words of rosters without a code (/so-nguoi)
coverage-codes-title = Words without a code
coverage-codes-list = List of codes
coverage-codes-text = As written
coverage-codes-rows = Rows
coverage-codes-note = { $n } rows have words that the lists of codes do not know. The rows stay, but rules that need a code cannot use them; add the words to formats/codes. Words of fewer than { $least } rows are counted and not shown.
coverage-codes-benefit = Monthly BHXH benefit
coverage-codes-business-state = State in the business register
coverage-codes-card-state = State of the card as declared
coverage-codes-employer-kind = Kind of employer
coverage-codes-insured-as-said = Social insurance as declared
coverage-codes-social-ground = Ground of the allowance
coverage-codes-support-group = Supported group
coverage-codes-tax-method = Tax method
coverage-codes-tax-state = Status of the tax code
coverage-codes-work = Work
