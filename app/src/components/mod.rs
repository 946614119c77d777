//! Reusable parts. They take data, know no server function and no word of AWS but the domain's.

mod account_label;
mod badge;
mod checks;
mod copyable;
mod dialog;
mod disclosure;
mod empty;
mod expires;
mod field;
mod get_form;
mod lane;
mod lifecycle_bar;
mod lifecycle_scale;
mod load;
mod moment;
mod month_bars;
mod next_runs;
mod notice;
mod page_head;
mod pagination;
mod pick_all;
mod post_form;
mod progress;
mod record;
mod stages;
mod stat;
mod status;
mod step_list;
mod table;
mod window_bar;

pub(crate) use account_label::AccountLabel;
pub(crate) use badge::{Badge, Tone};
pub(crate) use checks::CheckList;
pub(crate) use copyable::Copyable;
pub(crate) use dialog::Dialog;
pub(crate) use disclosure::Disclosure;
pub(crate) use empty::Empty;
pub(crate) use expires::Expires;
pub(crate) use field::{Choice, Field, Select, TextArea};
pub(crate) use get_form::GetForm;
pub(crate) use lane::{Board, Hands, Legend, Links, MarkTable, Occurring};
#[cfg(feature = "ssr")]
pub(crate) use lane::{
    HEIGHT, Markup, Spot, Track, describe, escape, outline, sign, spot_tier, spots, ticks,
};
pub(crate) use lifecycle_bar::LifecycleBar;
pub(crate) use lifecycle_scale::{LifecycleScale, Retention};
pub(crate) use load::{load, load_or, load_page};
pub(crate) use moment::{Moment, Style};
pub(crate) use month_bars::MonthBars;
pub(crate) use next_runs::NextRuns;
pub(crate) use notice::{ErrorNotice, Notice};
pub(crate) use page_head::{Crumb, PageHead};
pub(crate) use pagination::Pagination;
pub(crate) use pick_all::PickAll;
pub(crate) use post_form::{FormError, PostForm};
pub(crate) use progress::ProgressBar;
pub(crate) use record::{RecordChanges, RecordKey, RecordText, RecordValue};
pub(crate) use stages::{Stage, Stages};
pub(crate) use stat::Stat;
pub(crate) use status::{
    AccountHealth, ItemBadge, JobBadge, LockBadge, PointBadge, ProtectionBadge, RunBadge,
    ScopeBadge, TierBadge,
};
pub(crate) use step_list::StepList;
pub(crate) use table::{Column, Table};
pub(crate) use window_bar::{Window, WindowBar, minutes};
