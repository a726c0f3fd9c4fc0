//! Writes the gallery of components as files that a browser opens without a server:
//! `cargo run -p web --example gallery -- FOLDER`.

use std::path::PathBuf;
use std::{env, fs};

use web::{Lang, Theme, assets, gallery};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = env::args().nth(1).map(PathBuf::from).ok_or("name the folder to write to")?;
    fs::create_dir_all(folder.join("assets"))?;
    for asset in assets::all() {
        fs::write(folder.join("assets").join(&asset.path), &asset.bytes)?;
    }
    for lang in Lang::ALL {
        for theme in [Theme::Auto, Theme::Light, Theme::Dark] {
            let name = format!("{}-{}.html", lang.tag(), theme.tag());
            fs::write(folder.join(name), gallery::document(lang, theme, "assets/")?)?;
        }
    }
    Ok(())
}
