//! The frame of every page: skip link, header, navigation, main, footer.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::asset;
use super::ui::Ui;
use crate::auth::{Account, Role};

/// One page to be framed.
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    /// Which entry of the navigation it belongs to.
    pub(super) here: Here,
    /// Who reads it; nobody before log-in.
    pub(super) account: Option<&'a Account>,
    pub(super) csrf: &'a str,
    /// True for pages that show a person: never cached, with a watermark.
    pub(super) person: bool,
    /// Hour and minute for the watermark.
    pub(super) clock: &'a str,
    /// After an error: the title says so.
    pub(super) error: bool,
    pub(super) body: Markup,
}

/// Entries of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    Inbox,
    Corrections,
    System,
    Me,
    Help,
    Nowhere,
}

impl<'a> Page<'a> {
    pub(super) fn new(title: &'a str, here: Here, body: Markup) -> Page<'a> {
        Page { title, here, account: None, csrf: "", person: false, clock: "", error: false, body }
    }

    pub(super) fn of(mut self, account: &'a Account, csrf: &'a str) -> Page<'a> {
        self.account = Some(account);
        self.csrf = csrf;
        self
    }

    pub(super) fn about_a_person(mut self, clock: &'a str) -> Page<'a> {
        self.person = true;
        self.clock = clock;
        self
    }

    pub(super) fn with_error(mut self, error: bool) -> Page<'a> {
        self.error = error;
        self
    }

    /// The page as an answer. Pages of people who are logged in are not stored anywhere.
    pub(super) fn reply(self, ui: &Ui, status: StatusCode) -> Response {
        let mut response = (status, Html(self.render(ui).into_string())).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    fn render(self, ui: &Ui) -> Markup {
        let t = ui.words;
        let live = self.account.is_some_and(|account| account.role.reads_cases());
        html! {
            (DOCTYPE)
            html lang=(ui.tag()) data-size=(ui.size.name()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    meta name="color-scheme" content="light dark";
                    title { @if self.error { (t.error_title) } (self.title) " · " (t.brand) }
                    link rel="stylesheet" href=(asset::css().path);
                    link rel="icon" href=(asset::icon().path) type="image/svg+xml";
                    script type="module" src=(asset::script().path) {}
                }
                body data-live=[live.then_some("/v1/stream")] data-keys=[ui.keys.then_some("on")] {
                    a.skip href="#main" { (t.skip) }
                    (self.header(ui))
                    main #main tabindex="-1" {
                        div.notice.warn #offline role="alert" hidden { p { (t.offline) } }
                        (self.body)
                    }
                    footer {
                        p {
                            @match &ui.complaints {
                                Some(link) => a href=(link) { (t.complaints) },
                                None => a href="/help#complaints" { (t.complaints) },
                            }
                            " · " a href="/help" { (t.help) }
                            " · " (t.footer_line)
                        }
                    }
                    @if let (true, Some(account)) = (self.person, self.account) {
                        (watermark(&format!("{} {}", account.display, self.clock)))
                    }
                }
            }
        }
    }

    fn header(&self, ui: &Ui) -> Markup {
        let t = ui.words;
        html! {
            header.top {
                a.brand href="/" { (t.brand) span.brand-sub { (t.brand_sub) } }
                @if let Some(account) = self.account {
                    nav aria-label=(t.navigation) {
                        ul {
                            @if account.role.reads_cases() { (self.entry(Here::Inbox, "/inbox", t.inbox)) }
                            @if account.role.works() { (self.entry(Here::Corrections, "/corrections", t.corrections)) }
                            @if account.role == Role::Operator { (self.entry(Here::System, "/system", t.system)) }
                            (self.entry(Here::Me, "/me", t.me))
                            (self.entry(Here::Help, "/help", t.help))
                        }
                    }
                    form.out method="post" action="/logout" {
                        input type="hidden" name="csrf" value=(self.csrf);
                        span.whoami { (account.display) }
                        button.link type="submit" { (t.log_out) }
                    }
                }
            }
        }
    }

    fn entry(&self, here: Here, href: &str, word: &str) -> Markup {
        html! { li { a href=(href) aria-current=[(self.here == here).then_some("page")] { (word) } } }
    }
}

/// Who looked when, faintly over the whole page: a photograph of the screen tells where it came from.
fn watermark(words: &str) -> Markup {
    html! {
        svg.watermark aria-hidden="true" focusable="false" width="100%" height="100%" {
            defs {
                pattern #watermark patternUnits="userSpaceOnUse" width="280" height="160" patternTransform="rotate(-18)" {
                    text x="10" y="80" fill="currentColor" { (words) }
                }
            }
            rect width="100%" height="100%" fill="url(#watermark)" {}
        }
    }
}
