//! Kinds and codes of agencies, by rules that hold in every province.

/// The stable words of the desk's kinds of unit. The desk is no floor below this crate; a test of the whole compares them.
pub const KINDS: [&str; 16] = [
    "city_agency",
    "base_office",
    "commune",
    "department",
    "city_department",
    "facility",
    "pharmacy",
    "school",
    "employer",
    "collection_organisation",
    "post_office",
    "bank",
    "police",
    "inspectorate",
    "oversight",
    "other",
];

/// The kind of unit, by rules that hold in every province. Where a name could be two kinds there is none.
pub(super) fn kind(words: &str) -> Option<&'static str> {
    let starts = |with: &[&str]| with.iter().any(|head| words == *head || words.starts_with(&format!("{head} ")));
    let has = |part: &str| format!(" {words} ").contains(&format!(" {part} "));
    let commune = has("xa") || has("phuong") || has("cap xa") || has("dac khu");
    // All that are left over: "các sở, ban, ngành", "các đơn vị liên quan".
    let bare = words.strip_prefix("cac ").unwrap_or(words);
    if bare.split(' ').all(|word| matches!(word, "so" | "ban" | "nganh" | "dia" | "phuong" | "doan" | "the" | "lien" | "quan")) {
        return (bare.starts_with("so") && !has("dia")).then_some("city_department");
    }
    if starts(&["bhxh"]) {
        let below = has("co so") || has("khu vuc") || has("cap xa") || has("cac") || has("lien");
        return if has("viet nam") { None } else { Some(if below { "base_office" } else { "city_agency" }) };
    }
    if starts(&["ubnd", "cac ubnd", "chinh quyen"]) {
        return commune.then_some("commune");
    }
    if starts(&["cong an"]) {
        return Some("police");
    }
    if starts(&["thanh tra"]) {
        return Some("inspectorate");
    }
    if starts(&["hdnd", "mttq", "thuong truc hdnd"]) {
        return Some("oversight");
    }
    if starts(&["so", "ban", "van phong ubnd", "thue", "thong ke", "kho bac nha nuoc", "cuc thue", "cuc thong ke"]) {
        return (!commune || starts(&["so"])).then_some("city_department");
    }
    if starts(&["buu dien", "tong cong ty buu dien"]) {
        return Some("post_office");
    }
    if starts(&["ngan hang", "cac ngan hang"]) {
        return Some("bank");
    }
    if starts(&[
        "benh vien",
        "cac benh vien",
        "co so kcb",
        "cac co so kcb",
        "tram y te",
        "cac tram y te",
        "co so y te",
        "cac co so y te",
    ]) {
        return Some("facility");
    }
    if starts(&["truong", "cac truong", "co so giao duc", "cac co so giao duc"]) {
        return Some("school");
    }
    if has("ho tro phat trien doi tuong") {
        return Some("collection_organisation");
    }
    if starts(&["doanh nghiep", "cac doanh nghiep", "don vi su dung lao dong", "cac don vi su dung lao dong"]) {
        return Some("employer");
    }
    None
}

/// A code that stands for the agency in every spelling.
pub(super) fn code(bare: &str, kind: Option<&str>) -> String {
    match kind {
        Some("city_agency") => return "bhxh".to_owned(),
        Some("base_office") => return "bhxh-co-so".to_owned(),
        Some("commune") => return "ubnd-cap-xa".to_owned(),
        _ => {}
    }
    let words: Vec<&str> = bare.split(' ').filter(|word| !matches!(*word, "cac" | "nhung")).collect();
    if !words.is_empty() && words.iter().all(|word| matches!(*word, "so" | "ban" | "nganh" | "dia" | "phuong")) && words.len() > 1
    {
        return "cac-so-nganh".to_owned();
    }
    words.join("-")
}
