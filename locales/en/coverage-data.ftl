# Words of the pages of received files: sending, what became of them, refused rows, unknown columns.
coverage-data-title = Data received
coverage-data-periods = Periods
coverage-data-period = Period
coverage-data-panel = Files of the period
coverage-data-intro = { $period } · rows read = rows stored + rows refused
coverage-data-foot = Files with refused rows come first. Refused rows are kept with their reason, to be mended and sent again.
coverage-data-expected = Rosters that can be received
coverage-data-expected-foot = No roster is compulsory. A missing one only leaves undone what stands beside it; nobody is called not covered because a roster is missing.
coverage-data-there = State
coverage-data-missing = Not received
coverage-data-files = { $n ->
    [one] 1 file received
   *[other] { $n } files received
 }
coverage-data-refused-share = Refused
coverage-data-layout-or-use = Layouts read with, or what it would make possible
coverage-data-refused-link = { $n } refused rows
coverage-data-empty = No file was received for this period
coverage-data-empty-why = Send the first file, or take in a whole folder with the command ansinh run.
coverage-data-replaced = Files that were replaced
coverage-data-replaced-foot = The earlier file stays in the book, to be looked at and for replaying earlier runs; later runs do not read it.
coverage-column-used = Run
coverage-used-shown = In use
coverage-used-earlier = Used: { $run }
coverage-used-next = Next run
coverage-column-declared = Declared
coverage-column-read = Read
coverage-column-stored = Stored
coverage-column-refused = Refused
coverage-column-layout = Layout
coverage-column-column = Column
coverage-column-value = Value
coverage-column-why = Why refused
coverage-total = Total
coverage-declared-none = Not stated

coverage-use-population = Gives the residents as a denominator: coverage can be worked out, and people are seen who are on no other roster.
coverage-use-bhyt-card = Tells who has a valid card: health insurance coverage, lapsed cards, pupils without a card.
coverage-use-bhxh-participation = Tells who is in compulsory social insurance: people with a wage who are not seen there can be reviewed.
coverage-use-tax-settlement = Tells who was paid a wage: workers with signs of being liable can be reviewed.
coverage-use-pupils = Tells the pupils of each school: lists of pupils without a valid card for the schools.
coverage-use-bhyt-collection = Tells who has paid for a card: who just paid is not reminded, and campaigns can be followed.
coverage-use-business = Tells which businesses are new, paused or closed: units that have not registered can be reviewed.
coverage-use-card-aggregate = Coverage is right with cards of the armed forces and of other provinces, as mere numbers.
coverage-use-commune-figure = Gives population and labour force by commune as denominators where there is no population roster.
coverage-use-death = Keeps people who have died off the contact lists.
coverage-use-employer-worker = Workers declared by a unit can be held against those who are insured.
coverage-use-household-member = Tells household, head and village: lists for communes by household.
coverage-use-identity-answer = Tells who still resides here and which numbers are wrong, where no population roster is handed over.
coverage-use-labour = Tells registered workers and their jobs.
coverage-use-lookup-answer = Tells who is insured in another province: they leave the list to be reviewed.
coverage-use-pension-payment = Tells who draws a pension or allowance: their cards are paid by the fund, and they are not obliged.
coverage-use-police-uninsured = The list made by the police can be held against the review, and differences are seen.
coverage-use-social-pension = Tells who draws social allowances; the budget pays their cards.
coverage-use-supported-group = Tells poor and near-poor households: supported people without a card, and the right premium.
coverage-use-taxpayer = Tells which units are active for the tax office: units that take no part can be found.
coverage-use-tour-guide = Tells which guides are working, so that their insurance can be reviewed.
coverage-use-unit-code-map = Joins old and new codes of a unit, so that one does not become two.
coverage-use-unit-ledger = Tells which units pay late, and how late.
coverage-use-unit-month = What each unit owes and has paid can be compared month by month.
coverage-use-voluntary-payment = Tells who pays voluntary social insurance and who is about to stop.
coverage-use-other = Received and stored; nothing reads this roster yet.

coverage-batch-here = One file
coverage-batch-facts = About this file
coverage-batch-id = Batch
coverage-batch-duplicates = Stored rows that stand there twice
coverage-batch-passed-over = Totals and signatures passed over
coverage-batch-reasons = Refused rows by reason
coverage-batch-dropped = { $n ->
    [one] 1 column not used, dropped
   *[other] { $n } columns not used, dropped
 }
coverage-batch-dropped-why = Columns not used or outside the agreement are not stored, not even in rows that were taken in.
coverage-batch-no-agreement = No data agreement yet
coverage-batch-no-agreement-why = The file was taken in with every column its layout knows. Under an agreement, columns outside it are dropped at intake.
coverage-batch-agreed = Taken in under
coverage-batch-outside = { $n ->
    [one] 1 column outside the agreement, dropped
   *[other] { $n } columns outside the agreement, dropped
 }
coverage-batch-outside-column = { $column }: { $n ->
    [one] 1 filled cell
   *[other] { $n } filled cells
 }
coverage-batch-missing = { $n ->
    [one] 1 column of the layout is not in the file
   *[other] { $n } columns of the layout are not in the file
 }
coverage-batch-refused = Refused rows
coverage-batch-whole = No row was refused
coverage-batch-download = Download CSV to mend
coverage-batch-download-xlsx = Download XLSX to mend
coverage-batch-send-mended = Send the mended file
coverage-batch-shown = { $shown } of { $n } rows shown; the file has all.
coverage-batch-audit = You see these rows to check the quality of data. Values are as in the original file; the view is logged.
coverage-batch-replaced = This file was replaced
coverage-batch-replaced-text = Later runs read the file that replaces it:
coverage-batch-replaced-used = The last run that used this file: { $run }.
coverage-batch-replaced-unused = No run has used this file.
coverage-batch-replaces = In the place of an earlier file
coverage-batch-mends = Mended rows
coverage-batch-mends-text = { $n } mended rows are stored now. The original file:
coverage-change-title = Earlier and later file
coverage-change-what = Compared
coverage-change-old = Earlier file
coverage-change-new = Later file
coverage-change-same = Rows unchanged
coverage-change-changed = Rows changed
coverage-change-gone = Rows gone
coverage-change-added = Rows added
coverage-change-note = A row is unchanged when every cell is as before, but for the row number. A changed row has the same card, personal or other number, or where there is none the same name and birth date.

coverage-rejects-title = Refused rows of the period
coverage-rejects-here = Refused rows
coverage-rejects-by-reason = By reason
coverage-rejects-rows = Rows
coverage-rejects-files = Files
coverage-rejects-sentence = { $n } refused rows, { $mended } of them mended and taken in.
coverage-rejects-count = { $n } refused rows
coverage-rejects-none = No rows
coverage-rejects-none-why = No refused row fits this filter.
coverage-rejects-foot = To mend: open the file, download its CSV or XLSX, correct the wrong cells, leave the column “Dòng gốc” as it is, then choose “Send the mended file”.
coverage-rejects-purpose = Mending refused data
coverage-reject-mended = Mended, stored
coverage-reject-waiting = To be mended

coverage-upload-open = Send a file
coverage-upload-this = Send this roster
coverage-upload-title = Send a roster file
coverage-upload-panel = File to take in
coverage-upload-file = File
coverage-upload-file-hint = Choose a file or drop one onto the field. Up to { $mb } MB: .xlsx, .csv, .parquet, or a .zip of .xlsx and .csv files.
coverage-upload-no-file = There is no file, or it is empty. Choose one.
coverage-upload-period-hint = The month the roster speaks of, not the month it is sent in.
coverage-upload-roster-hint = Usually found by the headings of the columns.
coverage-upload-auto = Found by the headings
coverage-upload-send = Send and read the file
coverage-upload-sending = Reading the file…
coverage-upload-too-large = the file is larger than { $mb } MB or was cut off on the way; split it, or take it in with the command ansinh intake
coverage-upload-form = the form was not complete; open the page again
coverage-upload-about = How the file is read
coverage-upload-kinds = Kind of file
coverage-upload-kinds-text = Sheets as the software exports them; titles, totals and signatures need not be removed.
coverage-upload-rows = Each row
coverage-upload-rows-text = Sound rows are stored, others are refused with a reason. No row is lost.
coverage-upload-again = Sent again
coverage-upload-again-text = The same content twice changes nothing. For a file of the same name and other content you are asked whether it replaces the earlier one.
coverage-upload-columns = Other columns
coverage-upload-columns-text = Columns outside the layout are not stored; the result names them.
coverage-upload-next = Afterwards
coverage-upload-next-text = The figures on the pages change with the next run.
coverage-upload-mends-title = Mended rows of the file
coverage-upload-mends = Leave the column “Dòng gốc” as it is: it tells which rows were mended. CSV or XLSX, under any name but that of the original.

coverage-sent-title = What became of the file
coverage-sent-another = Send another file
coverage-sent-stored = Taken in whole
coverage-sent-partly = Taken in, some rows refused
coverage-sent-known = Content known before
coverage-sent-known-text = This content was taken in for the period before; nothing changed.
coverage-sent-known-replaced = This content was replaced by another file since and is not used.
coverage-sent-sum = { $roster }: { $read } rows read = { $stored } stored + { $refused } refused
coverage-sent-open = Open the file
coverage-sent-open-refused = See the refused rows
coverage-sent-next-title = What comes next
coverage-sent-next = Run the period again so that figures and lists use what was taken in:
coverage-sent-gone = This batch is no longer in the book
coverage-sent-no-layout = Layout not known
coverage-sent-no-layout-text = The headings fit no layout. Say once what each column is; the next file of this kind is then read at once.
coverage-sent-map = Say what the columns are
coverage-sent-name = A file of this name with other content is there
coverage-sent-name-text = A file of the same name was taken in for this period. If the one just sent is a correction of the whole file, let it replace that one; the earlier file is kept in the book. If it is another file, rename it and send it again.
coverage-sent-replace = Replace the earlier file
coverage-sent-busy = Another command is writing
coverage-sent-busy-text = The file is kept. Try again when the other command has ended.
coverage-sent-retry = Try again
coverage-sent-refused = The file was not taken in
coverage-sent-give-up = Give this file up
coverage-sent-given-up = Given up, not taken in

coverage-mapping-title = Columns of the file
coverage-map-here = What the columns are
coverage-map-where = Which roster it is, and where the heading stands
coverage-map-roster = Roster
coverage-map-sheet = Sheet
coverage-map-row = First row of the heading
coverage-map-row-hint = As Excel numbers the rows at the left.
coverage-map-look = Look at the columns again
coverage-map-columns = What each column is
coverage-map-column = Column of the file
coverage-map-place = Column { $n }
coverage-map-unnamed = (no heading)
coverage-map-samples = First three values
coverage-map-filled = Filled cells
coverage-map-field = Is
coverage-map-field-of = Column “{ $column }” is
coverage-map-none = Not used, drop
coverage-map-must = { $field } (needed)
coverage-map-needed = Needed: { $fields }.
coverage-map-dropped = Columns not used are not stored. The layout is kept in the data folder and used for every file with these headings.
coverage-map-save = Keep the layout and read the file
coverage-map-no-heading = A column without heading cannot be used.
coverage-map-twice = Chosen for the column “{ $other }” already; one column each.
coverage-map-lacking = No column is “{ $field }” yet.
coverage-map-no-header = No heading was found
coverage-map-audit = You see the first three values of each column to tell what it is. The view is logged.
