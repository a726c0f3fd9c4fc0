# Lời của khung trang và các thành phần chung.

skip-content = Đến nội dung
skip-table = Đến bảng
menu-label = Mục chính
menu-button = Mục
menu-waiting = , { $n } việc đang chờ
crumbs-label = Vị trí trang
search-button = Tìm
language-label = Ngôn ngữ
theme-label = Nền sáng, nền tối
theme-auto = Theo thiết bị
theme-light = Nền sáng
theme-dark = Nền tối

keys-title = Phím tắt
keys-search = Đến ô tìm kiếm
keys-next = Việc sau, việc trước trong danh sách
keys-select = Chọn hoặc bỏ chọn dòng
keys-map = Đi giữa các ô trên bản đồ; Home, End hoặc gõ tên để nhảy
keys-help = Mở bảng phím tắt này
keys-turn-off = Tắt phím tắt một chữ
keys-turn-on = Bật phím tắt một chữ

audit-title = Vì sao bạn xem được
chart-as-table = Xem dạng bảng
map-skip = Bỏ qua bản đồ, đến bảng
sort-by = Sắp xếp theo cột này
table-pick = Chọn
filter-more = Thêm lọc
filter-remove = Bỏ lọc { $what }
pager-label = Chuyển trang
pager-first = Trang đầu
pager-previous = Trang trước
pager-next = Trang sau
compare-field = Trường
compare-verdict = So sánh
compare-none = không có
form-optional = (không bắt buộc)
form-errors = Có { $n } chỗ cần sửa

spark-course = Từ { $from } ({ $from_month }) đến { $to } ({ $to_month })
spark-target = Chỉ tiêu { $value } đến { $month }
spark-forecast = Ước thực hiện { $value } đến { $month }, khoảng { $low } đến { $high }
spark-axis = Trục đứng không bắt đầu từ 0
