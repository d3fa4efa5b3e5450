//! Column builders and the macros that turn the vocabulary into row types.
//!
//! A row borrows from the decoder that emits it; pushing copies the bytes straight into the columns, so that an event
//! costs no allocation of its own.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, builder::ArrayBuilder};
use arrow_schema::{DataType, Field, TimeUnit};

use crate::time::Micros;

/// One column under construction: `push` a value or nothing, `finish` gives the array and starts anew.
pub trait Column: Default {
    /// What a row holds for this column.
    type Value<'a>;
    /// Adds one row's value.
    fn push(&mut self, value: Self::Value<'_>);
    /// The rows so far as an Arrow array; the column is empty afterwards.
    fn finish(&mut self) -> ArrayRef;
    /// The Arrow type of the array.
    fn data_type() -> DataType;
}

macro_rules! scalar {
    ($name:ident, $doc:literal, $value:ty, $builder:ty, $type:expr, $convert:expr) => {
        #[doc = $doc]
        #[derive(Default)]
        pub struct $name($builder);
        impl Column for $name {
            type Value<'a> = Option<$value>;
            #[inline]
            fn push(&mut self, value: Self::Value<'_>) {
                self.0.append_option(value.map($convert));
            }
            fn finish(&mut self) -> ArrayRef {
                Arc::new(ArrayBuilder::finish(&mut self.0))
            }
            fn data_type() -> DataType {
                $type
            }
        }
    };
}

scalar!(Long, "64-bit whole numbers.", i64, Int64Builder, DataType::Int64, |v| v);
scalar!(Port, "Port numbers.", u16, Int32Builder, DataType::Int32, i32::from);
scalar!(Float, "Real numbers.", f64, Float64Builder, DataType::Float64, |v| v);
scalar!(Boolean, "Truth values.", bool, BooleanBuilder, DataType::Boolean, |v| v);

/// Text; bytes that are not UTF-8 have been escaped by [`crate::text::lossless`].
#[derive(Default)]
pub struct Keyword(StringBuilder);

impl Column for Keyword {
    type Value<'a> = Option<&'a str>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        self.0.append_option(value);
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
    fn data_type() -> DataType {
        DataType::Utf8
    }
}

/// Addresses, written as text straight into the column.
#[derive(Default)]
pub struct Ip(StringBuilder);

impl Column for Ip {
    type Value<'a> = Option<IpAddr>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        match value {
            Some(address) => {
                // Writing into a string builder cannot fail.
                let _ = write!(self.0, "{address}");
                self.0.append_value("");
            }
            None => self.0.append_null(),
        }
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
    fn data_type() -> DataType {
        DataType::Utf8
    }
}

/// Times in UTC, microseconds.
pub struct Date(TimestampMicrosecondBuilder);

impl Default for Date {
    fn default() -> Self {
        Self(TimestampMicrosecondBuilder::new().with_timezone("UTC"))
    }
}

impl Column for Date {
    type Value<'a> = Option<Micros>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        self.0.append_option(value.map(|time| time.0));
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
    fn data_type() -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
    }
}

macro_rules! list {
    ($name:ident, $doc:literal, $item:ty, $builder:ty, $type:expr, |$values:ident, $one:ident| $append:expr) => {
        #[doc = $doc]
        #[derive(Default)]
        pub struct $name(ListBuilder<$builder>);
        impl Column for $name {
            type Value<'a> = Option<&'a [$item]>;
            fn push(&mut self, value: Self::Value<'_>) {
                let Some(items) = value else {
                    self.0.append_null();
                    return;
                };
                let $values = self.0.values();
                for $one in items {
                    $append;
                }
                self.0.append(true);
            }
            fn finish(&mut self) -> ArrayRef {
                Arc::new(self.0.finish())
            }
            fn data_type() -> DataType {
                DataType::List(Arc::new(Field::new_list_field($type, true)))
            }
        }
    };
}

list!(KeywordList, "Lists of text.", String, StringBuilder, DataType::Utf8, |values, one| values
    .append_value(one));
list!(LongList, "Lists of whole numbers.", i64, Int64Builder, DataType::Int64, |values, one| values
    .append_value(*one));
list!(IpList, "Lists of addresses.", IpAddr, StringBuilder, DataType::Utf8, |values, one| {
    let _ = write!(values, "{one}");
    values.append_value("");
});

macro_rules! column_type {
    (keyword) => {
        $crate::events::columns::Keyword
    };
    (ip) => {
        $crate::events::columns::Ip
    };
    (long) => {
        $crate::events::columns::Long
    };
    (port) => {
        $crate::events::columns::Port
    };
    (float) => {
        $crate::events::columns::Float
    };
    (boolean) => {
        $crate::events::columns::Boolean
    };
    (date) => {
        $crate::events::columns::Date
    };
    (keyword_list) => {
        $crate::events::columns::KeywordList
    };
    (long_list) => {
        $crate::events::columns::LongList
    };
    (ip_list) => {
        $crate::events::columns::IpList
    };
}

/// Row and columns of one set of fields.
macro_rules! rows {
    ($(#[$doc:meta])* $row:ident $columns:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ident = $name:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        pub struct $row<'a> {
            $($(#[$field_doc])* pub $field: <$crate::events::columns::column_type!($kind) as $crate::events::columns::Column>::Value<'a>,)*
            /// Keeps the lifetime where no field borrows.
            pub life: std::marker::PhantomData<&'a ()>,
        }

        /// The columns that rows of this kind are pushed into.
        #[derive(Default)]
        pub struct $columns {
            $($field: $crate::events::columns::column_type!($kind),)*
        }

        impl $columns {
            #[inline]
            fn push(&mut self, row: &$row<'_>) {
                use $crate::events::columns::Column as _;
                $(self.$field.push(row.$field);)*
            }
            fn finish(&mut self, into: &mut Vec<arrow_array::ArrayRef>) {
                use $crate::events::columns::Column as _;
                $(into.push(self.$field.finish());)*
            }
            fn fields(into: &mut Vec<arrow_schema::Field>) {
                use $crate::events::columns::Column as _;
                $(into.push(arrow_schema::Field::new($name, <$crate::events::columns::column_type!($kind)>::data_type(), true));)*
            }
        }
    };
}

macro_rules! base {
    ($(#[$doc:meta])* $row:ident $columns:ident { $($fields:tt)* }) => {
        $crate::events::columns::rows! { $(#[$doc])* $row $columns { $($fields)* } }
    };
}

macro_rules! dataset {
    ($(#[$doc:meta])* $row:ident $columns:ident $table:ident $name:literal { $($fields:tt)* }) => {
        $crate::events::columns::rows! { $(#[$doc])* $row $columns { $($fields)* } }

        impl $crate::events::Row for $row<'_> {
            const DATASET: &'static str = $name;
            #[inline]
            fn push(&self, base: &Base<'_>, events: &mut Events) {
                events.$table.base.push(base);
                events.$table.own.push(self);
                events.$table.rows += 1;
                events.rows += 1;
            }
        }
    };
}

macro_rules! datasets {
    ($($table:ident : $columns:ident $name:literal),* $(,)?) => {
        /// Rows of one dataset under construction.
        #[derive(Default)]
        struct Table<C> {
            base: BaseColumns,
            own: C,
            rows: usize,
        }

        /// Everything seen since the last [`Events::take`], one table a dataset.
        #[derive(Default)]
        pub struct Events {
            $($table: Table<$columns>,)*
            rows: usize,
        }

        impl Events {
            /// Rows held, all datasets together.
            #[must_use]
            pub fn rows(&self) -> usize {
                self.rows
            }

            /// The rows so far as one record batch a dataset that has any; starts anew.
            pub fn take(&mut self) -> Vec<(&'static str, arrow_array::RecordBatch)> {
                let mut batches = Vec::new();
                $(if self.$table.rows > 0 {
                    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
                    BaseColumns::fields(&mut fields);
                    $columns::fields(&mut fields);
                    self.$table.base.finish(&mut arrays);
                    self.$table.own.finish(&mut arrays);
                    self.$table.rows = 0;
                    let schema = std::sync::Arc::new(arrow_schema::Schema::new(fields));
                    let batch = arrow_array::RecordBatch::try_new(schema, arrays);
                    debug_assert!(batch.is_ok(), "columns of one table have one length");
                    if let Ok(batch) = batch {
                        batches.push(($name, batch));
                    }
                })*
                self.rows = 0;
                batches
            }
        }
    };
}

pub(crate) use {base, column_type, dataset, datasets, rows};
