//! Words that several calculators share.

use super::input::choices;

choices! {
    /// Sex as the pension law asks for it.
    pub enum Sex {
        Female = "female", "Nữ" / "Female";
        Male = "male", "Nam" / "Male";
    }
}

choices! {
    /// Region of the minimum wage, by commune of the workplace (vùng lương tối thiểu).
    pub enum Region {
        I = "I", "Vùng I" / "Region I";
        II = "II", "Vùng II" / "Region II";
        III = "III", "Vùng III" / "Region III";
        IV = "IV", "Vùng IV" / "Region IV";
    }
}

choices! {
    /// Scheme of social insurance.
    pub enum Scheme {
        Compulsory = "compulsory", "BHXH bắt buộc" / "Compulsory BHXH";
        Voluntary = "voluntary", "BHXH tự nguyện" / "Voluntary BHXH";
    }
}
