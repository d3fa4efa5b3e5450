//! `vonggac_sensor`: the sensor for Python. It translates between the two and decides nothing.

mod errors;
mod rows;
mod sensors;

use pyo3::prelude::*;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Sets the key under which secrets are masked; false when something was masked before.
#[pyfunction]
fn set_secret_key(key: [u8; 32]) -> bool {
    vonggac_core::secrets::set_key(key)
}

/// What is wrong with a capture filter, in one line; `None`: it can be used.
#[pyfunction]
fn check_filter(text: &str) -> Option<String> {
    vonggac_core::sources::live::filter::Program::parse(text).err()
}

#[pymodule]
fn vonggac_sensor(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("SensorError", module.py().get_type::<errors::SensorError>())?;
    module.add_function(wrap_pyfunction!(set_secret_key, module)?)?;
    module.add_function(wrap_pyfunction!(check_filter, module)?)?;
    module.add_class::<rows::Rows>()?;
    module.add_class::<sensors::CaptureSensor>()?;
    module.add_class::<sensors::LiveSensor>()
}
