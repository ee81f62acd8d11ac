# newsdesk on Airflow's official image: the same locked packages as everywhere else.
FROM apache/airflow:3.3.2-python3.12

USER root
RUN mkdir -p /opt/newsdesk /opt/airflow/auth && chown airflow:0 /opt/newsdesk /opt/airflow/auth
USER airflow

COPY --chown=airflow:0 requirements.txt pyproject.toml README.md /opt/newsdesk-src/
RUN pip install --no-cache-dir --require-hashes -r /opt/newsdesk-src/requirements.txt
COPY --chown=airflow:0 include /opt/newsdesk-src/include
RUN pip install --no-cache-dir --no-deps /opt/newsdesk-src

COPY --chown=airflow:0 dags /opt/airflow/dags
COPY --chown=airflow:0 plugins /opt/airflow/plugins
COPY --chown=airflow:0 deploy /opt/newsdesk-deploy
