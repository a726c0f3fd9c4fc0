# Cách viết của các danh sách chưa có mã (/so-nguoi)
coverage-codes-title = Cách viết chưa có mã
coverage-codes-list = Danh mục mã
coverage-codes-text = Như tệp ghi
coverage-codes-rows = Số dòng
coverage-codes-note = { $n } dòng có cách viết mà danh mục mã chưa biết. Các dòng vẫn được giữ, nhưng quy tắc cần mã không dùng được; hãy bổ sung cách viết vào formats/codes. Cách viết có dưới { $least } dòng chỉ được đếm, không hiện.
coverage-codes-benefit = Chế độ BHXH hằng tháng
coverage-codes-business-state = Tình trạng đăng ký kinh doanh
coverage-codes-card-state = Tình trạng thẻ BHYT theo kê khai
coverage-codes-employer-kind = Loại hình đơn vị
coverage-codes-insured-as-said = Tham gia BHXH theo lời khai
coverage-codes-social-ground = Căn cứ hưởng trợ cấp
coverage-codes-support-group = Nhóm được hỗ trợ
coverage-codes-tax-method = Phương pháp tính thuế
coverage-codes-tax-state = Trạng thái mã số thuế
coverage-codes-work = Công việc
