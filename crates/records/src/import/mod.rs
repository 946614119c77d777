//! Backups made by others: finding out what is there, reading it, and converting it.

mod convert;
mod detect;
mod export;
mod infer;
mod lines;
mod settle;

pub use convert::{ConvertOptions, ConvertProgress, convert};
pub use detect::{Detected, Found, detect};
pub use export::{ExportTime, export_time, import_export, read_manifests};
pub use infer::{InferredKey, infer_key};
pub use lines::{LinesImport, import_lines};
