//! `ansinh users list|add|import|units|code|off|bind|unbind|provider|routes`: people and accounts from the machine itself, for setting a city up and for when nobody can
//! sign in any more.

mod import;
mod provider;
mod units;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use base::{Area, CommuneCode, Date, Scope};
use chapter::Needs;
use desk::{Account, Desk, OneTimeCode, Unit, UnitKind, User, role_from_word, role_word};
use serde_json::json;

use super::Environment;
use super::run::{open_desk, runtime};
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// What `users` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Liệt kê người dùng, vai trò, đơn vị, tình trạng đăng nhập
    List,
    /// Thêm hoặc sửa một người dùng (và đơn vị của họ)
    Add(Given),
    /// Thêm nhiều người dùng từ một tệp CSV; mã dùng một lần được ghi ra một tệp khác
    Import {
        /// Tệp CSV UTF-8: id,label,role,unit,unit_name,unit_kind,communes,login; có thể thêm cột subject
        file: PathBuf,
        /// Tệp ra có mã dùng một lần của những người có tên đăng nhập; không ghi đè tệp có sẵn
        #[arg(long)]
        codes: PathBuf,
    },
    /// Nạp đơn vị và địa bàn từ một bảng (CSV hoặc XLSX), trước hết là các BHXH cơ sở và xã, phường của mỗi cơ sở
    Units {
        /// Bảng có cột Mã đơn vị, Tên đơn vị, Loại đơn vị, Xã phường; mỗi đơn vị một dòng hoặc mỗi xã, phường một dòng
        file: PathBuf,
        /// Chỉ kiểm tra, không ghi
        #[arg(long)]
        dry_run: bool,
    },
    /// Cấp mã dùng một lần: mật khẩu, xác thực hai bước và mọi phiên hiện có hết hiệu lực
    Code {
        /// Mã người dùng
        id: String,
        /// Tên đăng nhập; bắt buộc khi chưa có
        #[arg(long)]
        login: Option<String>,
    },
    /// Cho một người thôi làm việc; mọi phiên kết thúc
    Off {
        /// Mã người dùng
        id: String,
    },
    /// Gắn một người dùng với tài khoản của thành phố (đăng nhập một lần)
    Bind {
        /// Mã người dùng
        id: String,
        /// Mã của người đó tại nơi cấp tài khoản, theo trường `oidc_claim`
        subject: String,
    },
    /// Bỏ gắn; các phiên mở từ tài khoản của thành phố kết thúc
    Unbind {
        /// Mã người dùng
        id: String,
    },
    /// Hỏi nơi cấp tài khoản của thành phố: địa chỉ, khóa; không mở kho dữ liệu
    Provider,
    /// In mọi địa chỉ của cổng và quyền mà mỗi địa chỉ đòi hỏi
    Routes,
}

/// A user as given on the command line or in a line of a file.
#[derive(Debug, Clone, clap::Args)]
struct Given {
    /// Mã người dùng: chữ thường không dấu, số, gạch nối
    #[arg(long)]
    id: String,
    /// Tên hiển thị
    #[arg(long)]
    label: String,
    /// Vai trò, ví dụ commune_staff
    #[arg(long)]
    role: String,
    /// Mã đơn vị
    #[arg(long)]
    unit: String,
    /// Tên đơn vị, khi đơn vị chưa có
    #[arg(long, default_value = "")]
    unit_name: String,
    /// Loại đơn vị, ví dụ commune, base_office; khi đơn vị chưa có
    #[arg(long, default_value = "other")]
    unit_kind: String,
    /// Mã xã, phường được xem, cách nhau bằng dấu phẩy; `city` là toàn Thành phố
    #[arg(long, default_value = "")]
    communes: String,
    /// Tên đăng nhập; nếu có, một mã dùng một lần được cấp
    #[arg(long)]
    login: Option<String>,
    /// Mã của người đó tại nơi cấp tài khoản của thành phố
    #[arg(long)]
    subject: Option<String>,
    /// Ngày đầu làm việc, yyyy-mm-dd
    #[arg(long)]
    from: Option<Date>,
    /// Ngày cuối làm việc, yyyy-mm-dd
    #[arg(long)]
    to: Option<Date>,
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if let What::Routes = arguments.what {
        return routes(environment);
    }
    if let What::Provider = arguments.what {
        return provider::look(environment).map(|()| ExitCode::SUCCESS);
    }
    let shop = Workshop::open(&environment.config.overlays())?;
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let done = runtime.block_on(async {
        let done = match &arguments.what {
            What::List => list(environment, &desk).await,
            What::Add(given) => add(environment, &desk, &shop, given).await,
            What::Import { file, codes } => import::run(environment, &desk, &shop, file, codes).await,
            What::Units { file, dry_run } => units::run(environment, &desk, &shop, file, *dry_run).await,
            What::Code { id, login } => code(environment, &desk, id, login.as_deref()).await,
            What::Off { id } => off(environment, &desk, id).await,
            What::Bind { id, subject } => provider::bind(environment, &desk, id, subject).await,
            What::Unbind { id } => provider::unbind(environment, &desk, id).await,
            What::Routes | What::Provider => Ok(()),
        };
        desk.close().await;
        done
    });
    done.map(|()| ExitCode::SUCCESS)
}

async fn list(environment: &Environment, desk: &Desk) -> Result<(), Failure> {
    let accounts = desk.accounts(&Scope::system()).await?;
    output::print(environment.json, &json!({ "users": accounts }), || {
        let line = |account: &Account| {
            let user = &account.user;
            let login = account.login.as_deref().unwrap_or("chưa có tên đăng nhập");
            let active = if user.active { "" } else { ", đã thôi" };
            format!("{} · {} · {} · {} · {login}{active}", user.id, user.label, role_word(user.role), user.unit)
        };
        accounts.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}

async fn add(environment: &Environment, desk: &Desk, shop: &Workshop, given: &Given) -> Result<(), Failure> {
    let code = put(environment, desk, shop, given).await?;
    output::print(environment.json, &json!({ "user": given.id, "code": code }), || match &code {
        Some(code) => told(code),
        None => format!("Đã ghi {}.", given.id),
    })
}

/// Puts one user in, with the unit where it is new; binds them where a subject is given, and gives a code where a login is given.
async fn put(environment: &Environment, desk: &Desk, shop: &Workshop, given: &Given) -> Result<Option<OneTimeCode>, Failure> {
    let system = Scope::system();
    let single = given.subject.is_some().then(|| provider::needed(environment)).transpose()?;
    let role = role_from_word(&given.role)
        .filter(|role| role.is_of_a_person())
        .ok_or_else(|| Failure::usage(format!("không có vai trò `{}`", given.role)))?;
    let communes = communes(shop, &given.communes)?;
    let area = if given.communes == "city" { Area::City } else { Area::Communes(communes.clone()) };
    if !desk.units(&system).await?.iter().any(|unit| unit.id == given.unit) {
        let kind = UnitKind::from_word(&given.unit_kind)
            .ok_or_else(|| Failure::usage(format!("không có loại đơn vị `{}`", given.unit_kind)))?;
        if given.unit_name.is_empty() {
            return Err(Failure::usage(format!("đơn vị `{}` chưa có: cần cả unit_name và unit_kind", given.unit)));
        }
        let unit = Unit { id: given.unit.clone(), name: given.unit_name.clone(), kind, parent: None };
        desk.put_unit(&system, &unit).await?;
        desk.set_unit_communes(&system, &given.unit, &communes).await?;
    }
    let user = User {
        id: given.id.clone(),
        label: given.label.clone(),
        role,
        unit: given.unit.clone(),
        area,
        active: true,
        valid_from: given.from,
        valid_to: given.to,
    };
    desk.put_user(&system, &user).await?;
    let code = match &given.login {
        Some(login) => Some(desk.reset_account(&system, &given.id, Some(login)).await?),
        None => None,
    };
    if let (Some(single), Some(subject)) = (&single, &given.subject) {
        provider::put(desk, single, &given.id, subject).await?;
    }
    Ok(code)
}

fn communes(shop: &Workshop, text: &str) -> Result<BTreeSet<CommuneCode>, Failure> {
    let words = text.split([',', ' ', ';']).map(str::trim).filter(|word| !word.is_empty() && *word != "city");
    words
        .map(|word| {
            let code = CommuneCode::parse(word).filter(|code| shop.places.commune(code).is_some());
            code.ok_or_else(|| Failure::usage(format!("không có xã, phường mang mã `{word}`")))
        })
        .collect()
}

async fn code(environment: &Environment, desk: &Desk, id: &str, login: Option<&str>) -> Result<(), Failure> {
    let code = desk.reset_account(&Scope::system(), id, login).await?;
    output::print(environment.json, &json!({ "user": id, "code": code }), || told(&code))
}

fn told(code: &OneTimeCode) -> String {
    format!("Tên đăng nhập `{}`, mã dùng một lần (24 giờ): {}", code.login, code.code)
}

async fn off(environment: &Environment, desk: &Desk, id: &str) -> Result<(), Failure> {
    let system = Scope::system();
    let user = desk.users(&system).await?.into_iter().find(|user| user.id == id);
    let user = user.ok_or_else(|| Failure::usage(format!("không có người dùng `{id}`")))?;
    desk.put_user(&system, &User { active: false, ..user }).await?;
    let ended = desk.end_sessions_of(&system, id).await?;
    output::print(environment.json, &json!({ "user": id, "sessions_ended": ended }), || {
        format!("{id} thôi làm việc; {ended} phiên kết thúc.")
    })
}

fn routes(environment: &Environment) -> Result<ExitCode, Failure> {
    let word = |needs: Option<Needs>| {
        needs.map(|needs| match needs {
            Needs::Nothing => "nothing".to_owned(),
            Needs::SignedIn => "signed_in".to_owned(),
            Needs::May(permission) => permission.as_str().to_owned(),
            Needs::Api(scope) => format!("token:{}", scope.as_str()),
        })
    };
    let routes = super::serve::routes()?;
    let all: Vec<_> =
        routes.iter().map(|route| json!({ "path": route.path, "read": word(route.read), "write": word(route.write) })).collect();
    output::print(environment.json, &json!({ "routes": all }), || {
        let line = |route: &chapter::Route| {
            let said = |verb: &str, needs| word(needs).map(|word| format!("  {verb} {word}")).unwrap_or_default();
            format!("{}{}{}", route.path, said("GET", route.read), said("POST", route.write))
        };
        routes.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}
