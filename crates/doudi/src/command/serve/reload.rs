//! Reading the bundle anew while the service runs: SIGHUP. A bad bundle is refused and said so; the old one decides on.

use std::sync::{Arc, PoisonError, RwLock};

use doudi_model::{Problem, Text};
use doudi_server::HouseService;
use doudi_server::metrics::Metrics;
use doudi_store::stages::Rulebook;
use doudi_store::{bundles, clock};

use crate::context::{Context, Failure};
use crate::house::{plan_as_of, proven};

/// The bundle that decides, for whoever reads events under it.
pub(super) type Present = Arc<RwLock<Arc<Rulebook>>>;

/// The bundle that decides now.
pub(super) fn present(book: &Present) -> Arc<Rulebook> {
    Arc::clone(&book.read().unwrap_or_else(PoisonError::into_inner))
}

/// What a new bundle is held against and given to.
pub(super) struct Reload {
    pub(super) context: Context,
    pub(super) service: HouseService,
    pub(super) metrics: Arc<Metrics>,
    pub(super) book: Present,
    /// Whether deadlines may lie beyond the published calendar.
    pub(super) provisional: bool,
}

/// Waits for hangups; made before the house opens, so that none ends the program.
pub(super) struct Hangups(#[cfg(unix)] tokio::signal::unix::Signal);

impl Hangups {
    /// From now on.
    pub(super) fn listen() -> std::io::Result<Hangups> {
        Ok(Hangups(
            #[cfg(unix)]
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?,
        ))
    }

    #[cfg(unix)]
    async fn next(&mut self) -> Option<()> {
        self.0.recv().await
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> Option<()> {
        std::future::pending().await
    }
}

impl Reload {
    /// Reads the bundle anew at each hangup, without end.
    pub(super) async fn at_each(self, mut hangups: Hangups) {
        while hangups.next().await.is_some() {
            let outcome = match self.once().await {
                Ok(outcome) => outcome,
                Err(problems) => {
                    self.refuse(&problems);
                    "refused"
                }
            };
            self.metrics.bundle_loads.with_label_values(&[outcome]).inc();
        }
    }

    async fn once(&self) -> Result<&'static str, Vec<Problem>> {
        let (context, provisional) = (self.context.clone(), self.provisional);
        let read = tokio::task::spawn_blocking(move || sound(&context, provisional)).await;
        let book = read.unwrap_or_else(|fault| Err(super::environment(&std::io::Error::other(fault)))).map_err(said)?;
        let digest = book.bundle.digest();
        if digest == present(&self.book).bundle.digest() {
            tracing::info!(bundle = %digest, "the bundle is the one that decides already");
            return Ok("unchanged");
        }
        let book = Arc::new(book);
        self.service.adopt(Arc::clone(&book)).await.map_err(|fault| vec![fault.problem()])?;
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = book;
        tracing::info!(bundle = %digest, "the bundle was adopted");
        self.context.output().note(&Text::new(
            format!("新规则包已启用：{digest}，各家庭随后重新判定"),
            format!("the new bundle is in use: {digest}; households are looked at again"),
        ));
        Ok("adopted")
    }

    /// Says what is wrong with the new bundle, and that the old one decides on.
    fn refuse(&self, problems: &[Problem]) {
        for problem in problems {
            tracing::error!(code = %problem.code, place = %problem.place, "{}", problem.message.en);
        }
        let digest = present(&self.book).bundle.digest();
        tracing::error!(problems = problems.len(), bundle = %digest, "the new bundle was refused, the old one decides on");
        self.context.output().failure(&Failure::Usage(problems.to_vec()));
        self.context.output().note(&Text::new(
            format!("新规则包没有启用（{}处错误），仍用原来的 {digest}", problems.len()),
            format!("the new bundle is not used ({} faults); the old one decides on: {digest}", problems.len()),
        ));
    }
}

/// The bundle as it stands on disk now, proven and kept.
fn sound(context: &Context, provisional: bool) -> Result<Rulebook, Failure> {
    let book = proven(context.bundle_files()?)?;
    if !provisional {
        plan_as_of(&book.bundle, Some(clock::from_env()?.now().day()))?;
    }
    bundles::keep(context.data(), book.bundle.digest(), book.bundle.files())?;
    Ok(book)
}

fn said(failure: Failure) -> Vec<Problem> {
    match failure {
        Failure::Usage(problems) => problems,
        Failure::Environment(problem) => vec![problem],
    }
}
