"""The demo: a small newspaper, an object store and Airflow on one machine, brought up and down."""
