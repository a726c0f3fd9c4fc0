//! `ansinh serve`: the portal on this machine.

mod roles;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use access::SingleSignOn;
use axum::{Router, middleware};
use base::{Explain, Scope};
use chapter::{App, Entry, PageError, RouteList, Setup, guard_pages};
use claims::{Formats, PaperForms};
use desk::Desk;
use documents::letter::Letters;
use documents::signature::Trust;

use super::Environment;
use crate::failure::Failure;
use crate::seals::Seals;
use crate::workshop::{Workshop, open_book};

/// What `serve` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Cổng TCP; 0 là cổng trống bất kỳ
    #[arg(long)]
    port: Option<u16>,
    /// Ghi trên mọi trang rằng dữ liệu là dữ liệu mẫu
    #[arg(long)]
    sample: bool,
    /// Không đăng nhập, chọn vai trò: chỉ cho một người trên một máy, với dữ liệu mẫu
    #[arg(long)]
    role_picker: bool,
}

/// How the portal is served.
pub struct Serving {
    /// Port; the one of the settings when none is given.
    pub port: Option<u16>,
    /// Whether every page says that the people are invented.
    pub sample_data: bool,
    /// Whether roles are picked instead of signing in.
    pub role_picker: bool,
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let serving = Serving { port: arguments.port, sample_data: arguments.sample, role_picker: arguments.role_picker };
    serve(environment, &serving)
}

/// Serves until Ctrl-C.
pub fn serve(environment: &Environment, serving: &Serving) -> Result<ExitCode, Failure> {
    let host = environment.config.host()?;
    if serving.role_picker && host.is_some() {
        return Err(Failure::usage("chọn vai trò (--role-picker) chỉ dùng trên chính máy này, không dùng cùng `host`"));
    }
    let single = crate::provider::single_sign_on(&environment.config)?.map(Arc::new);
    if serving.role_picker && single.is_some() {
        return Err(Failure::usage("chọn vai trò (--role-picker) không dùng cùng `oidc_issuer`"));
    }
    let port = match serving.port {
        Some(port) => port,
        None => u16::try_from(environment.config.number("port")?).map_err(|_| Failure::usage("cổng TCP từ 0 đến 65535"))?,
    };
    let shop = Workshop::open(&environment.config.overlays())?;
    let data = environment.config.data();
    let book = open_book(&environment.config)?;
    let texts = shop.texts()?;
    let content = shop.content.clone();
    let plan = coverage::Plan::load(&content.under("plan")).map_err(|e| Failure::of(&e, 3))?;
    let followed = super::plan::followed(&content)?;
    let letters = letters(&content)?;
    let roots = trust(environment)?;
    let office = office::Setup { letters: letters.clone(), trust: roots.clone() };
    let shelf = shop.shelf(&data)?;
    let formats = (shop.claim_formats()?, shop.claim_papers()?);
    let claims_mb = environment.config.number("claims_mb")?;
    let import_minutes = environment.config.number("claims_import_minutes")? as u64;
    let upload_bytes = (environment.config.number("upload_mb")? as u64) << 20;
    let runtime = super::run::runtime()?;
    let desk = super::run::open_desk(environment, &runtime)?;
    let entry = match serving.role_picker {
        true => Entry::Picker(runtime.block_on(roles::put(&desk, &shop.places))?),
        false => Entry::SignIn { host },
    };
    let receivers = environment.config.outbox().map_or_else(|| Vec::new().into(), |folder| office::folder_receivers(&folder));
    runtime.block_on(office::register(&desk, &receivers))?;
    let routes = routes()?;
    let first = match entry {
        Entry::SignIn { .. } => runtime.block_on(desk.first_administrator())?,
        Entry::Picker(_) => None,
    };
    let app = App::new(Setup {
        book,
        desk: desk.clone(),
        law: shop.law,
        rules: shop.rules,
        schemas: shop.schemas,
        places: shop.places,
        shelf,
        upload_bytes,
        texts,
        clock: super::run::clock(),
        sample_data: serving.sample_data,
        entry,
        routes,
        protection: environment.config.protection(),
        menu,
    });
    let seals = Seals::of(environment.config.seals());
    runtime.block_on(async move {
        let sealer = tokio::spawn(seal_each_second(desk.clone(), seals));
        let worker = tokio::spawn(office::work(app.clone()));
        let deliverer = tokio::spawn(office::deliver(app.clone(), receivers));
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|e| Failure::usage(format!("không mở được cổng {port} trên máy này: {e}")))?;
        let address = listener.local_addr().map_err(|e| Failure::internal(e.to_string()))?;
        println!("Cổng đang mở: http://{address} (dừng: Ctrl-C)");
        let (stop_importing, stopped) = tokio::sync::watch::channel(false);
        let importer = (import_minutes > 0).then(|| {
            tokio::spawn(claims::receive::import_waiting(app.clone(), formats.0.clone(), roots.clone(), import_minutes, stopped))
        });
        if let Some(single) = single.clone() {
            // A provider that is away must not keep the portal shut: own passwords still do.
            tokio::spawn(async move {
                if let Err(error) = single.provider().look(super::run::clock()()).await {
                    eprintln!("{} {}", error.what(), error.remedy());
                }
            });
        }
        if let Some(first) = first {
            // The only way a secret leaves the program: to whoever starts it, until the first password was chosen.
            println!("Chưa có ai đặt mật khẩu. Đăng nhập lần đầu: tên `{}`, mã dùng một lần {}", first.login, first.code);
        }
        let stop = async {
            // When the signal cannot be listened for, the server runs until it is killed.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let served = axum::serve(
            listener,
            router(app, &content, (plan, followed), letters, office, single, (formats, roots, claims_mb))
                .into_make_service_with_connect_info::<SocketAddr>(),
        )
        .with_graceful_shutdown(stop)
        .await;
        // A packet that is in the book must be in the log too: a batch that was begun, of seconds, is ended.
        let _ = stop_importing.send(true);
        if let Some(importer) = importer {
            let _ = importer.await;
        }
        worker.abort();
        deliverer.abort();
        sealer.abort();
        desk.seal().await?;
        desk.close().await;
        served.map_err(|e| Failure::internal(e.to_string()))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The menu of all chapters; the operation of the system stands last.
fn menu(l: web::Locale, scope: &Scope) -> Vec<web::MenuGroup> {
    let mut groups = coverage::menu(l, scope);
    let place = groups.len().saturating_sub(1);
    groups.splice(place..place, service::menu(l, scope));
    let place = groups.len().saturating_sub(1);
    groups.splice(place..place, claims::menu(l, scope));
    // What waits for somebody stands right under the overview.
    let first = 1.min(groups.len());
    groups.splice(first..first, office::menu(l, scope));
    if let Some(own) = followup::menu(l, scope) {
        match groups.iter_mut().find(|group| group.label == own.label) {
            Some(group) => group.items.splice(0..0, own.items).for_each(drop),
            None => groups.push(own),
        }
    }
    groups.extend(access::menu(l, scope));
    if let (Some(access), Some(item)) = (groups.last_mut(), privacy::menu(l, scope)) {
        access.items.push(item);
    }
    groups
}

/// The root certificates of the operator's folder; a folder that is not there holds none, one that was named must be there.
pub(crate) fn trust(environment: &Environment) -> Result<Trust, Failure> {
    let folder = environment.config.signature_roots();
    let failed = |e: std::io::Error| Failure::input("signature_roots", format!("{}: {e}", folder.display()));
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && !environment.config.is_set("signature_roots") => {
            return Ok(Trust::default());
        }
        Err(e) => return Err(failed(e)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_file() && !name.starts_with('.') {
            files.push((name, std::fs::read(&path).map_err(failed)?));
        }
    }
    files.sort();
    Trust::load(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))).map_err(|e| Failure::of(&e, 3))
}

/// The templates of letters; all their faults at once.
fn letters(content: &book::Content) -> Result<Letters, Failure> {
    Letters::load(content.under("letters")).map_err(|faults| {
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Failure::input("letter_template", said.join("\n"))
    })
}

/// What each address of all chapters asks.
pub(super) fn routes() -> Result<RouteList, Failure> {
    let all = [
        coverage::ROUTES,
        service::ROUTES,
        office::route_list().as_slice(),
        access::ROUTES,
        privacy::ROUTES,
        followup::route_list().as_slice(),
        claims::ROUTES,
        claims::receive::ROUTES,
    ]
    .concat();
    RouteList::new(all).map_err(|twice| Failure::internal(format!("route {twice} is listed twice")))
}

fn router(
    app: App,
    content: &book::Content,
    plans: (coverage::Plan, Option<followup::Followed>),
    letters: Letters,
    office: office::Setup,
    single: Option<Arc<SingleSignOn>>,
    ((formats, papers), roots, claims_mb): ((Formats, PaperForms), Trust, usize),
) -> Router {
    let (plan, followed) = plans;
    let followed = followed.map(|followed| followup::routes(&app, followed)).unwrap_or_default();
    coverage::routes(&app, plan, letters.clone())
        .merge(service::routes(&app, content.under("cases/law")))
        .merge(office::routes(&app, office))
        .merge(access::routes(&app, single))
        .merge(privacy::routes(&app))
        .merge(claims::routes(&app, formats.clone(), papers, letters))
        .merge(claims::receive::routes(&app, formats, roots, claims_mb))
        .merge(followed)
        .fallback(async || PageError::NotFound)
        .layer(middleware::from_fn_with_state(app, guard_pages))
}

/// The sealer: chains what was logged into the audit chain each second, and keeps a seal a day outside the store.
async fn seal_each_second(desk: Desk, mut seals: Seals) {
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    loop {
        tick.tick().await;
        let kept = match desk.seal().await {
            Ok(seal) => seal.iter().try_for_each(|seal| seals.keep(seal)).map_err(|failure| failure.message),
            Err(error) => Err(error.to_string()),
        };
        if let Err(why) = kept {
            eprintln!("niêm phong nhật ký chưa được, sẽ thử lại: {why}");
        }
    }
}
