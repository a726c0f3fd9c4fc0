//! Why two tables cannot be linked by a specification.

use base::Explain;

/// What is wrong with a specification or a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Clusters are found within one table.
    #[error("chế độ `clusters` chỉ dùng một bảng, nhưng có hai bảng")]
    TwoTablesForClusters,
    /// The other modes need two tables.
    #[error("thiếu bảng thứ hai (bên phải)")]
    RightTableMissing,
    /// The right table's id column is not named.
    #[error("đặc tả chưa nêu cột mã của bảng bên phải")]
    RightIdMissing,
    /// No fields, or too many.
    #[error("đặc tả có {count} trường; cần từ 1 đến {most} trường")]
    FieldCount {
        /// Fields found.
        count: usize,
        /// Most that are allowed.
        most: usize,
    },
    /// Two fields share a name.
    #[error("trường `{field}` được khai báo hai lần")]
    FieldTwice {
        /// The field's name.
        field: String,
    },
    /// A field lists no column.
    #[error("trường `{field}` không nêu cột nào của bảng {side}")]
    FieldWithoutColumn {
        /// The field's name.
        field: String,
        /// `left` or `right`.
        side: &'static str,
    },
    /// A block names what is not a field.
    #[error("khối so sánh nêu trường `{field}` không có trong đặc tả")]
    UnknownBlockField {
        /// The name.
        field: String,
    },
    /// A block names no field.
    #[error("một khối so sánh không nêu trường nào")]
    EmptyBlock,
    /// The table has no such column.
    #[error("bảng {side} không có cột `{column}`")]
    ColumnMissing {
        /// The column asked for.
        column: String,
        /// `left` or `right`.
        side: &'static str,
        /// The field that asks for it, or `id`.
        field: String,
        /// The columns there are.
        columns: String,
    },
    /// A row has no id.
    #[error("bảng {side}: dòng {row} không có mã")]
    IdMissing {
        /// `left` or `right`.
        side: &'static str,
        /// Row, the first row of data being 1.
        row: usize,
    },
    /// Two rows share an id.
    #[error("bảng {side}: dòng {row} và dòng {other} có cùng mã")]
    IdTwice {
        /// `left` or `right`.
        side: &'static str,
        /// Row, the first row of data being 1.
        row: usize,
        /// The earlier row with the same id.
        other: usize,
    },
    /// More rows than a row number can hold.
    #[error("bảng {side} có quá nhiều dòng")]
    TooManyRows {
        /// `left` or `right`.
        side: &'static str,
    },
}

impl Explain for TableError {
    fn code(&self) -> &'static str {
        match self {
            Self::TwoTablesForClusters => "tables_two_for_clusters",
            Self::RightTableMissing => "tables_right_missing",
            Self::RightIdMissing => "tables_right_id_missing",
            Self::FieldCount { .. } => "tables_field_count",
            Self::FieldTwice { .. } => "tables_field_twice",
            Self::FieldWithoutColumn { .. } => "tables_field_without_column",
            Self::UnknownBlockField { .. } => "tables_block_field_unknown",
            Self::EmptyBlock => "tables_block_empty",
            Self::ColumnMissing { .. } => "tables_column_missing",
            Self::IdMissing { .. } => "tables_id_missing",
            Self::IdTwice { .. } => "tables_id_twice",
            Self::TooManyRows { .. } => "tables_too_many_rows",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::TwoTablesForClusters | Self::RightTableMissing => "mode".to_owned(),
            Self::RightIdMissing => "[right] id".to_owned(),
            Self::FieldCount { .. } => "[[field]]".to_owned(),
            Self::FieldTwice { field } => format!("[[field]] {field}"),
            Self::FieldWithoutColumn { field, side } => format!("[[field]] {field}, {side}"),
            Self::UnknownBlockField { .. } | Self::EmptyBlock => "[[block]] on".to_owned(),
            Self::ColumnMissing { side, field, .. } if field == "id" => format!("[{side}] id"),
            Self::ColumnMissing { side, field, .. } => format!("[[field]] {field}, {side}"),
            Self::IdMissing { side, row } | Self::IdTwice { side, row, .. } => format!("{side}, {row}"),
            Self::TooManyRows { side } => (*side).to_owned(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::TwoTablesForClusters => "Bỏ bảng thứ hai, hoặc đổi mode thành \"one-to-one\" hay \"many\".".to_owned(),
            Self::RightTableMissing => "Nêu thêm bảng thứ hai, hoặc đổi mode thành \"clusters\".".to_owned(),
            Self::RightIdMissing => "Thêm mục [right] với id = \"tên cột\".".to_owned(),
            Self::FieldCount { most, .. } => format!("Khai báo từ 1 đến {most} mục [[field]]."),
            Self::FieldTwice { .. } => "Đặt cho mỗi trường một tên riêng.".to_owned(),
            Self::FieldWithoutColumn { .. } => "Ghi ít nhất một tên cột cho trường này.".to_owned(),
            Self::UnknownBlockField { .. } | Self::EmptyBlock => "Ghi vào `on` tên của các trường đã khai báo.".to_owned(),
            Self::ColumnMissing { columns, .. } => format!("Sửa tên cột; bảng có các cột: {columns}."),
            Self::IdMissing { .. } => "Điền mã cho dòng này, hoặc chọn một cột mã khác.".to_owned(),
            Self::IdTwice { .. } => "Chọn một cột mã không trùng, hoặc bỏ dòng lặp lại.".to_owned(),
            Self::TooManyRows { .. } => "Chia bảng thành nhiều phần, mỗi phần dưới bốn tỷ dòng.".to_owned(),
        }
    }
}
