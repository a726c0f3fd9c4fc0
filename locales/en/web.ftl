# Words of the page shell and the shared components.

skip-content = Skip to content
skip-table = Skip to table
menu-label = Main menu
menu-button = Menu
menu-waiting = { $n ->
    [one] , one item waiting
   *[other] , { $n } items waiting
}
crumbs-label = You are here
search-button = Search
language-label = Language
theme-label = Light or dark
theme-auto = As the device
theme-light = Light
theme-dark = Dark

keys-title = Keyboard shortcuts
keys-search = Go to the search box
keys-next = Next and previous item of a list
keys-select = Select or unselect the row
keys-map = Walk between the tiles of a map; Home, End or typing a name jumps
keys-help = Open this list of shortcuts
keys-turn-off = Turn off single-key shortcuts
keys-turn-on = Turn on single-key shortcuts

audit-title = Why you may see this
chart-as-table = Show as table
map-skip = Skip the map, go to the table
sort-by = Sort by this column
table-pick = Choose
filter-more = More filters
filter-remove = Remove filter { $what }
pager-label = Pages
pager-first = First page
pager-previous = Previous page
pager-next = Next page
compare-field = Field
compare-verdict = Comparison
compare-none = none
form-optional = (optional)
form-errors = { $n ->
    [one] There is one thing to correct
   *[other] There are { $n } things to correct
}

spark-course = From { $from } ({ $from_month }) to { $to } ({ $to_month })
spark-target = Target { $value } by { $month }
spark-forecast = Forecast { $value } by { $month }, between { $low } and { $high }
spark-axis = The vertical axis does not start at 0
