//! Style, script and icon: compiled in, named by their digest, so that browsers may keep them for a year.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use doudi_model::Digest;

/// One file that pages link to.
#[derive(Debug)]
pub struct Asset {
    /// `/static/desk.1a2b3c4d.css`.
    pub path: String,
    kind: &'static str,
    text: &'static str,
}

fn asset(name: &str, extension: &str, kind: &'static str, text: &'static str) -> Asset {
    let digest = Digest::of(text.as_bytes()).short();
    Asset { path: format!("/static/{name}.{digest}.{extension}"), kind, text }
}

/// The one style sheet.
#[must_use]
pub fn css() -> &'static Asset {
    static CSS: OnceLock<Asset> = OnceLock::new();
    CSS.get_or_init(|| asset("desk", "css", "text/css; charset=utf-8", include_str!("asset/desk.css")))
}

/// The one script.
#[must_use]
pub fn script() -> &'static Asset {
    static SCRIPT: OnceLock<Asset> = OnceLock::new();
    SCRIPT.get_or_init(|| asset("desk", "js", "text/javascript; charset=utf-8", include_str!("asset/desk.js")))
}

/// The icon in the browser's tab.
#[must_use]
pub fn icon() -> &'static Asset {
    static ICON: OnceLock<Asset> = OnceLock::new();
    ICON.get_or_init(|| asset("icon", "svg", "image/svg+xml", include_str!("asset/icon.svg")))
}

/// Handles `GET /static/{file}`. An older digest finds nothing: the page that names it is older too.
pub async fn serve(Path(file): Path<String>) -> Response {
    let wanted = format!("/static/{file}");
    match [css(), script(), icon()].into_iter().find(|asset| asset.path == wanted) {
        Some(asset) => {
            let headers =
                [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
            (headers, asset.text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
