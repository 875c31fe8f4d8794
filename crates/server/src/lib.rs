//! The running service: admission, case API, desk, metrics.
//!
//! | module | does |
//! |---|---|
//! | [`config`] | flags, environment and file become one typed value |
//! | [`service`], [`view`] | what the server needs of the house behind it, and what it shows |
//! | [`house_service`] | that service over a real house |
//! | [`ingest`] | CloudEvents over HTTP |
//! | [`api`] | cases, households, the stream of notices, health, the OpenAPI document |
//! | [`desk`] | the pages |
//! | [`auth`] | accounts, sessions, who may see what |
//! | [`notify`] | news to open screens |
//! | [`metrics`] | what is counted |
//! | [`door`] | answers while the house still opens |
//! | [`run`] | listening, closing, the passing of days |
//! | [`fake`] | a house in memory, for tests and for looking at pages |

pub mod api;
pub mod app;
pub mod auth;
mod compress;
pub mod config;
pub mod desk;
pub mod door;
pub mod fake;
pub mod house_service;
pub mod ingest;
pub mod metrics;
pub mod notify;
pub mod reply;
pub mod run;
pub mod service;
pub mod view;
pub mod words;

pub use app::App;
pub use config::Config;
pub use house_service::HouseService;
pub use service::Service;
