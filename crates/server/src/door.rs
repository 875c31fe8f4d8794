//! The address answers from the first moment, also while the house still reads its journal: alive, but not ready.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use doudi_model::Lang;
use tower::ServiceExt;

use crate::app::App;
use crate::reply::problem_response;
use crate::run::{router, with_secure_headers};
use crate::words::fault;

/// Seconds after which it is worth asking again.
const AGAIN: HeaderValue = HeaderValue::from_static("2");

/// What stands before the service: closed until the house is open.
#[derive(Clone)]
pub struct Door {
    inside: Arc<OnceLock<(App, Router)>>,
    lang: Lang,
}

impl Door {
    /// A door that is closed; it answers in this language.
    #[must_use]
    pub fn closed(lang: Lang) -> Door {
        Door { inside: Arc::default(), lang }
    }

    /// Lets requests in from now on. A second time it does nothing.
    pub fn open(&self, app: App) {
        let inside = (app.clone(), router(app));
        // The first one stays.
        let _ = self.inside.set(inside);
    }

    /// The parts of the service, once it is open.
    #[must_use]
    pub fn app(&self) -> Option<&App> {
        self.inside.get().map(|(app, _)| app)
    }

    /// What answers at the address.
    pub fn router(&self) -> Router {
        Router::new().fallback(knock).with_state(self.clone())
    }
}

async fn knock(State(door): State<Door>, request: Request) -> Response {
    match door.inside.get() {
        Some((_, router)) => match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        None => with_secure_headers(not_yet(door.lang, request.uri().path())),
    }
}

fn not_yet(lang: Lang, path: &str) -> Response {
    if path == "/healthz" {
        return "ok\n".into_response();
    }
    let problem = fault::starting();
    if crate::desk::is_api(path) {
        let mut response = problem_response(StatusCode::SERVICE_UNAVAILABLE, &problem, lang);
        response.headers_mut().insert(header::RETRY_AFTER, AGAIN);
        return response;
    }
    let (title, hint) = (problem.message.get(lang), problem.hint.get(lang));
    let page = maud::html! {
        (maud::DOCTYPE)
        html lang=(if lang == Lang::Zh { "zh-CN" } else { "en" }) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="refresh" content="3";
                title { (title) }
            }
            body { h1 { (title) } p { (hint) } }
        }
    };
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, axum::response::Html(page.into_string())).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, AGAIN);
    response
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};

    use super::*;
    use crate::auth::{Accounts, EventSources};
    use crate::config::{Config, Sources};
    use crate::fake::Fake;

    async fn get(door: &Door, path: &str) -> (u16, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = door.router().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn while_the_journal_is_read_it_lives_and_is_not_ready() {
        let door = Door::closed(Lang::Zh);
        assert_eq!(get(&door, "/healthz").await.0, 200);
        let (status, said) = get(&door, "/readyz").await;
        assert_eq!(status, 503);
        assert!(said.contains("service/starting") && said.contains("hint"), "{said}");
        assert_eq!(get(&door, "/v1/cases").await.0, 503);
        let (status, page) = get(&door, "/inbox").await;
        assert!(status == 503 && page.contains("正在启动") && page.contains("http-equiv"), "{page}");

        let config = Config::load(&Sources::default()).unwrap();
        door.open(App::new(Arc::new(Fake::new()), config, Accounts::default(), EventSources::default()));
        assert_eq!((get(&door, "/healthz").await.0, get(&door, "/readyz").await.0), (200, 200));
    }
}
