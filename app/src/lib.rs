//! What people and stores meet: the API, the jobs and the command line.

pub mod cases;
pub mod command;
pub mod config;
pub mod decision;
pub mod gateways;
pub mod happenings;
pub mod http;
pub mod id;
pub mod in_force;
pub mod instance;
pub mod judge;
pub mod keys;
pub mod mail_check;
pub mod members;
pub mod metrics;
pub mod notices;
pub mod openapi;
pub mod openid;
pub mod pages;
pub mod replay;
pub mod statement_check;
pub mod surroundings;
pub mod text;
pub mod time;
pub mod webhooks;
pub mod world;
