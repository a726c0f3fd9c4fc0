//! Addresses that change a thing, each with a whole form and somebody who may not send it.
//!
//! Names in curly brackets are those of the walk and those that `forms.rs` adds; `{form}` is the form's own number. A new address needs a
//! line here.

/// Who sends a form about something that is not theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Staff of another commune.
    Commune,
    /// An officer of a base office that covers that other commune alone.
    Office,
    /// Staff of another hospital.
    Hospital,
}

/// Who may send the same form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Staff of the thing's own commune.
    Own,
    /// An officer of the city.
    City,
}

/// A form.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Address with the names of things.
    pub path: &'static str,
    /// Who may not send it.
    pub by: Who,
    /// Its fields as they are sent.
    pub body: &'static str,
    /// Its file; a form with one is sent in parts.
    pub file: Option<&'static [u8]>,
    /// Who sends it afterwards and is taken at their word.
    pub right: Option<Right>,
}

const fn form(path: &'static str, by: Who, body: &'static str) -> Form {
    Form { path, by, body, file: None, right: None }
}

impl Form {
    const fn with(self, file: &'static [u8]) -> Self {
        Self { file: Some(file), ..self }
    }

    const fn right(self, who: Right) -> Self {
        Self { right: Some(who), ..self }
    }
}

const PDF: &[u8] = b"%PDF-1.7\nscan\n%%EOF";
const CARDS: &str = "Họ và tên;Mã điểm thu;Mã nhân viên thu;Số thẻ;Địa bàn;Có giá trị từ;Có giá trị đến\n\
                     Lê Thị Mai;BD07;NV09;T-0009;Ba Đình;01/01/2026;31/12/2027\n";
const COMMUNE: Who = Who::Commune;
const OFFICE: Who = Who::Office;
const HOSPITAL: Who = Who::Hospital;

/// Forms about things of the walk.
pub const FORMS: &[Form] = &[
    // Cases.
    form("/viec/{case}/doi", COMMUNE, "viec=nhan-thay&phien-ban=1&so={form}&ly-do=Nguoi+dang+co+nghi"),
    form("/viec/{case}/doi", OFFICE, "viec=tra-lai&phien-ban=1&so={form}&ly-do-tra=Nham+dia+ban"),
    form("/viec/{case}/y-kien", COMMUNE, "so={form}&y-kien=Da+goi+dien").right(Right::Own),
    form("/viec/{case}/y-kien", OFFICE, "so={form}&y-kien=Da+goi+dien"),
    form("/viec/{case}/tep", COMMUNE, "so={form}").with(PDF).right(Right::Own),
    form("/viec/{case}/lien-ket", COMMUNE, "so={form}&lien-quan=household&ho-so-kia={second}").right(Right::City),
    form("/viec/{case}/lien-ket/{link}/bo", COMMUNE, "so={form}").right(Right::City),
    // People, pairs, classes, employers.
    form("/nguoi/{person}/nhan-viec", COMMUNE, "so={form}&ly-do={rule}"),
    form("/nguoi/{person}/nhan-viec", OFFICE, "so={form}&ly-do={rule}"),
    form("/nguoi/{person}/thu/{rule}", COMMUNE, "so={form}"),
    form(
        "/nguoi/{person}/khong-cung-nguoi",
        COMMUNE,
        "left_roster=population&left=p1&roster=bhyt_card&right=c1&client_tx={form}&reason=Khac+nguoi",
    ),
    form("/ke-hoach/chon-tai-tro/{person}", COMMUNE, "so={form}&quy={fund}&tu-thang=01/2027&so-thang=12"),
    form(
        "/ra-soat-ghep-noi/{rank}",
        COMMUNE,
        "own={pair-own}&candidate={pair-candidate}&verdict=not-same&client_tx={form}&reason=Khac+nguoi",
    ),
    form("/truong-hoc/{school}/{class}/nhan", COMMUNE, "so={form}").with(CARDS.as_bytes()),
    form("/don-vi/{employer}/nhan-viec", COMMUNE, "so={form}&ly-do=employer-not-paying"),
    form("/don-vi/{employer}/thu/{rule}", COMMUNE, "so={form}"),
    // Documents.
    form("/van-ban/{document}/doi", COMMUNE, "viec=sua&phien-ban=1&so={form}&noi-dung=Mot+doan"),
    form("/van-ban/{document}/doi", OFFICE, "viec=huy&phien-ban=1&so={form}&ly-do-huy=Khong+can+nua"),
    form("/van-ban/{document}/da-ky", COMMUNE, "phien-ban=1&so={form}&ban-giay=1").with(PDF),
    form("/van-ban/{document}/da-gui", COMMUNE, "phien-ban=1&so={form}&cach=post&ngay=02/11/2026").with(PDF),
    // Users, units, tokens, delegations.
    form(
        "/nguoi-dung/{user}",
        COMMUNE,
        "ten=Can+bo&vai-tro=administrator&co-quan=bhxh-hn&dia-ban=&toan-thanh-pho=1&tu=&den=&dang-lam=1",
    ),
    form("/nguoi-dung/{user}/ma", COMMUNE, "dang-nhap=can-bo-thanh-pho"),
    form("/nguoi-dung/{user}/phien", OFFICE, ""),
    form("/nguoi-dung/{user}/dinh-danh", OFFICE, "dinh-danh=248289761001"),
    form("/co-quan/{unit}", OFFICE, "ten=Don+vi+khac&loai=other&cap-tren=&dia-ban={other}"),
    form("/ma-truy-cap/{token}/thu-hoi", COMMUNE, ""),
    form("/tai-khoan/uy-quyen/{delegation}/thoi", COMMUNE, ""),
    form("/tai-khoan/uy-quyen/{delegation}/thoi", OFFICE, ""),
    // Collectors.
    form(
        "/nhan-vien-thu/{collector}/the",
        OFFICE,
        "so={form}&so-the=T-77&dia-ban={other}&tu-ngay=01/01/2026&den-ngay=31/12/2027",
    ),
    form(
        "/nhan-vien-thu/{collector}/phan-anh",
        OFFICE,
        "so={form}&loai=attitude&loi-phan-anh=Noi+nang+kho+nghe&ngay-nhan=01/11/2026&han=30/11/2027",
    )
    .right(Right::City),
    form("/nhan-vien-thu/{collector}/giai-quyet", OFFICE, "phan-anh-nao={complaint}&ket-luan=upheld&giai-quyet=Da+nhac+nho")
        .right(Right::City),
    form("/to-chuc-thu/{organisation}/tap-huan", OFFICE, "so={form}&chu-de=Quy+trinh+thu&ngay=01/10/2026&den=&nv-{collector}=1")
        .right(Right::City),
    form("/nhan-vien-thu/{collector}/thu-hoi", OFFICE, "the={card}&tu=01/11/2026&ly-do=Thu+sai+quy+dinh").right(Right::City),
    form("/to-chuc-thu/{organisation}/nhan-the", COMMUNE, "so={form}").with(CARDS.as_bytes()),
    form(
        "/to-chuc-thu/{organisation}/nhan-vien-moi",
        COMMUNE,
        "so={form}&ho-ten=Tran+Thi+Ba&diem-thu=BD88&ma=NV88&so-the=T-88&dia-ban={other}&tu-ngay=01/01/2026&den-ngay=31/12/2027",
    )
    .right(Right::City),
    // Targets, personal data, rosters that wait.
    form("/chi-tieu-giao/{year}/{id}", OFFICE, "so={form}"),
    form("/chi-tieu-giao/{year}/{id}/{area}", COMMUNE, "so={form}"),
    form("/du-lieu-ca-nhan/thoa-thuan/{agreement}/ket-thuc", COMMUNE, "so={form}&ngay=01/11/2026&ly-do=Het+han"),
    form("/du-lieu-ca-nhan/vi-pham/{breach}/bao-cao", COMMUNE, "so={form}&ngay=01/11/2026"),
    form("/du-lieu-ca-nhan/vi-pham/{breach}/dong", COMMUNE, "so={form}&ly-do=Da+xong"),
    form("/du-lieu-ca-nhan/yeu-cau/{request}/buoc", OFFICE, "so={form}&phien-ban=1&viec=tra-loi&ly-do=Da+tra+loi"),
    form("/du-lieu-ca-nhan/yeu-cau/{request}/ban-sao.xlsx", OFFICE, "so={form}&mat-khau=mot-cau-dai-42"),
    form("/du-lieu-ca-nhan/han-che/{restriction}/bo", COMMUNE, "so={form}&ly-do=Het+han"),
    form("/du-lieu/gui/{arrival}/bo", COMMUNE, ""),
    form("/du-lieu/gui/{arrival}/ghep-cot", COMMUNE, "so={form}"),
    form("/du-lieu/gui/{arrival}/thay", COMMUNE, ""),
    form("/du-lieu/gui/{arrival}/thu-lai", COMMUNE, ""),
    // Openings of people and visits, which data protection reviews.
    form("/nhat-ky/mo-khan-cap/{glass}", COMMUNE, "xem-xet-{glass}=Dung+viec"),
    form("/nhat-ky/mo-khan-cap/ho-so/{opening}", OFFICE, "xem-xet-{opening}=Dung+viec"),
];

/// Forms about a case of the claims audit.
pub const CLAIM_FORMS: &[Form] = &[
    form("/giam-dinh/ho-so/{visit}/mo", OFFICE, "so={form}&ky=&chon-x=1"),
    form("/giam-dinh/ho-so/{visit}/bao-ve", OFFICE, "so={form}&ly-do-mo=Doi+chieu+voi+chi+dinh"),
    form("/giam-dinh/vu-viec/{review}/doi", OFFICE, "viec=nhan&phien-ban=1&so={form}"),
    form("/giam-dinh/vu-viec/{review}/tep", OFFICE, "so={form}&loai=other&ho-so={visit}").with(PDF),
    form("/giam-dinh/vu-viec/{review}/thu/{letter}", OFFICE, "so={form}"),
    form("/co-so/vu-viec/{review}/tra-loi", HOSPITAL, "so={form}&phien-ban=1").with(PDF),
    form("/co-so/vu-viec/{review}/kien-nghi", HOSPITAL, "so={form}&phien-ban=1&dong-x=1&loi-kien-nghi=Da+dung+chi+dinh"),
    form("/co-so/vu-viec/{review}/tep", HOSPITAL, "so={form}").with(PDF),
];

/// Addresses without a form here: why, and the test that knows better.
pub const WITHOUT: &[(&str, &str, &str)] = &[
    (
        "/api/calculators/{name}",
        "reads the law and writes nothing",
        "ansinh/tests/it/law.rs::the_interface_answers_refuses_and_describes_itself",
    ),
    ("/tinh/{name}", "reads the law and writes nothing", "ansinh/tests/it/law.rs::a_clerk_works_an_answer_out_on_a_page"),
    (
        "/ks/{token}",
        "open to everybody who holds the link, once",
        "desk/tests/it/surveys.rs::a_link_takes_one_answer_and_every_other_link_is_nothing",
    ),
    (
        "/chi-tieu-giao/{year}/van-ban",
        "drafts a letter of one's own unit",
        "ansinh/tests/it/plan_status.rs::targets_become_documents_of_the_city_and_of_a_commune",
    ),
    (
        "/nguoi/{person}/hoan-lai",
        "the decision stands in the form and is found in one's own area",
        "desk/tests/it/scopes.rs::nobody_decides_about_rows_of_another_commune",
    ),
    (
        "/viec/nhan-tep/{number}/chay-tiep",
        "a sheet is found by its number and the one who sent it",
        "desk/tests/it/cases/sheets.rs::a_sheet_of_somebody_whose_rights_changed_is_given_up_and_can_go_on",
    ),
    (
        "/viec/hang-loat/{number}/chay-tiep",
        "a bulk is found by its number and the one who began it",
        "desk/tests/it/cases/jobs.rs::a_job_that_was_given_up_goes_on_where_it_stopped_when_it_is_let_try_again",
    ),
    (
        "/giam-dinh/mau/{sample}",
        "samples are found in one's own area",
        "desk/tests/it/review/samples.rs::a_sample_is_drawn_by_its_seed_and_can_be_drawn_again",
    ),
    (
        "/giam-dinh/kiem-tra/{check}",
        "checks are found in one's own area",
        "desk/tests/it/review/checks.rs::a_check_that_cannot_be_is_refused_and_another_area_sees_none",
    ),
    (
        "/ke-hoach/ban-chi-dao/{committee}",
        "bodies of the plan have tests by unit",
        "desk/tests/it/committees.rs::the_city_keeps_its_committee_and_a_commune_its_team",
    ),
    (
        "/ke-hoach/cuoc-hop/{meeting}",
        "bodies of the plan have tests by unit",
        "desk/tests/it/committees.rs::the_city_keeps_its_committee_and_a_commune_its_team",
    ),
    (
        "/ke-hoach/cuoc-hop/{meeting}/bien-ban",
        "bodies of the plan have tests by unit",
        "desk/tests/it/committees.rs::a_meeting_has_who_was_there_and_minutes_and_is_withdrawn_when_it_was_wrong",
    ),
    (
        "/ke-hoach/tep-hop/{file}/bo",
        "bodies of the plan have tests by unit",
        "desk/tests/it/committees.rs::a_meeting_has_who_was_there_and_minutes_and_is_withdrawn_when_it_was_wrong",
    ),
    (
        "/ke-hoach/ket-luan/{conclusion}",
        "conclusions are reported by their unit",
        "desk/tests/it/committees.rs::a_conclusion_is_reported_by_its_unit_and_confirmed_by_another_person",
    ),
    (
        "/ke-hoach/ket-luan/{conclusion}/minh-chung",
        "conclusions are reported by their unit",
        "desk/tests/it/committees.rs::a_conclusion_is_reported_by_its_unit_and_confirmed_by_another_person",
    ),
    (
        "/ke-hoach/bao-cao/{report}",
        "reports are their unit's",
        "desk/tests/it/tasks.rs::a_unit_reports_for_itself_and_sees_its_own_while_the_city_sees_all",
    ),
    (
        "/ke-hoach/bao-cao/{report}/minh-chung",
        "reports are their unit's",
        "desk/tests/it/tasks.rs::evidence_is_kept_whole_taken_out_with_its_trace_and_refused_when_it_is_none",
    ),
    (
        "/ke-hoach/bao-cao/{report}/minh-chung/{evidence}/bo",
        "reports are their unit's",
        "desk/tests/it/tasks.rs::evidence_is_kept_whole_taken_out_with_its_trace_and_refused_when_it_is_none",
    ),
    (
        "/ke-hoach/du-lieu/{duty}/nhac",
        "reminders are the city's",
        "desk/tests/it/tasks.rs::reminders_are_kept_and_a_letter_of_the_plan_is_of_nobody",
    ),
    (
        "/ke-hoach/nhiem-vu/{task}/ky-han/{term}/lui",
        "terms are put off by the city",
        "desk/tests/it/tasks.rs::a_term_is_put_off_by_decision_and_the_newest_holds",
    ),
    (
        "/ke-hoach/nhiem-vu/{task}/ky-han/{term}/nhac",
        "reminders are the city's",
        "desk/tests/it/tasks.rs::reminders_are_kept_and_a_letter_of_the_plan_is_of_nobody",
    ),
    (
        "/ke-hoach/hai-long/{campaign}",
        "campaigns are the city's",
        "desk/tests/it/surveys.rs::links_are_made_by_who_follows_the_plan_and_shown_once",
    ),
    (
        "/ke-hoach/hai-long/{campaign}/lien-ket",
        "campaigns are the city's",
        "desk/tests/it/surveys.rs::links_are_made_by_who_follows_the_plan_and_shown_once",
    ),
    (
        "/ke-hoach/tai-tro/{fund}",
        "funds are kept by their unit",
        "desk/tests/it/donors.rs::a_fund_is_kept_by_its_unit_and_says_who_gave_unless_asked_not_to",
    ),
    (
        "/ke-hoach/nguoi-duoc-tai-tro/{choice}",
        "a commune pays to its own people",
        "desk/tests/it/donors.rs::a_commune_chooses_its_own_people_within_the_rules_and_no_month_twice",
    ),
];
