"""Compose projects as people write them, and what is to be found in each: {file: text}, {(file, line, rule)}.

Lines count from 1. What every service lacks (C103, C106, C116) is listed only where it is the point."""

BLOG = {
    "docker-compose.yml": """version: "3.8"

services:
  db:
    image: mysql:8.4
    restart: always
    environment:
      MYSQL_DATABASE: blog
      MYSQL_USER: blog
      MYSQL_PASSWORD: blogpass
      MYSQL_ROOT_PASSWORD: "r00t-of-all"
    volumes:
      - db:/var/lib/mysql
    ports:
      - 3306:3306

  wordpress:
    depends_on:
      - db
    image: wordpress
    ports:
      - "80:80"
    environment:
      WORDPRESS_DB_HOST: db:3306
      WORDPRESS_DB_PASSWORD: blogpass
    volumes:
      - ./wp-content:/var/www/html/wp-content

volumes:
  db:
"""
}
BLOG_FOUND = {("docker-compose.yml", 1, "C123"), ("docker-compose.yml", 10, "C115"), ("docker-compose.yml", 11, "C115"),
              ("docker-compose.yml", 15, "C105"), ("docker-compose.yml", 20, "C104"), ("docker-compose.yml", 25, "C115")}

HARDENED = {
    "compose.yaml": """name: shop

x-hardened: &hardened
  cap_drop: [ALL]
  security_opt: [no-new-privileges:true]
  read_only: true
  mem_limit: 256m
  pids_limit: 100
  restart: on-failure:5

services:
  web:
    <<: *hardened
    image: registry.example.com/shop/web:4.2.1
    user: "10001:10001"
    ports: ["127.0.0.1:8080:8080"]
    tmpfs: [/tmp]
    depends_on:
      db: {condition: service_healthy}
    networks: [front, back]
    environment:
      DB_PASSWORD_FILE: /run/secrets/db_password
      LOG_LEVEL: ${LOG_LEVEL:-info}
    secrets: [db_password]
    healthcheck: {test: [CMD, /web, ping], interval: 10s}

  db:
    <<: *hardened
    image: postgres:17.2@sha256:0000000000000000000000000000000000000000000000000000000000000000
    cap_add: [CHOWN, SETUID, SETGID, DAC_OVERRIDE, FOWNER]
    tmpfs: [/tmp, /run/postgresql]
    networks: [back]
    volumes: [data:/var/lib/postgresql/data]
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
    secrets: [db_password]
    healthcheck: {test: [CMD, pg_isready]}

networks:
  front:
  back: {internal: true}

volumes:
  data:

secrets:
  db_password: {file: ./db_password.txt}
"""
}
HARDENED_FOUND = set()

MONITORING = {
    "compose.yml": """services:
  prometheus:
    image: prom/prometheus:v3.1.0
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
      - prometheus:/prometheus
    ports: ["127.0.0.1:9090:9090"]

  node-exporter:
    image: quay.io/prometheus/node-exporter:v1.8.2
    command: ["--path.rootfs=/host"]
    network_mode: host
    pid: host
    volumes: ["/:/host:ro,rslave"]

  cadvisor:
    image: gcr.io/cadvisor/cadvisor:v0.51.0
    privileged: true
    devices: [/dev/kmsg]
    volumes:
      - /:/rootfs:ro
      - /var/run:/var/run:ro
      - /sys:/sys:ro
      - /var/lib/docker/:/var/lib/docker:ro

  grafana:
    image: grafana/grafana:11.4.0
    environment:
      - GF_SECURITY_ADMIN_PASSWORD=${GRAFANA_PASSWORD:?set it in .env}
    ports: ["3000:3000"]

volumes:
  prometheus:
"""
}
MONITORING_FOUND = {("compose.yml", 12, "C109"), ("compose.yml", 13, "C109"), ("compose.yml", 14, "C111"),
                    ("compose.yml", 18, "C102"), ("compose.yml", 19, "C112"), ("compose.yml", 21, "C111"),
                    ("compose.yml", 22, "C101"), ("compose.yml", 23, "C111"), ("compose.yml", 24, "C111"),
                    ("compose.yml", 30, "C105")}

STAGES = {  # a base, what a developer adds, what production changes
    "compose.yaml": """services:
  api:
    image: registry.example.com/api:${VERSION:-1.0}
    environment: [MODE=plain]
    ports: ["127.0.0.1:8000:8000"]
    user: app
  worker:
    image: registry.example.com/worker:1.0
    cap_add: [SYS_PTRACE]
""",
    "compose.override.yaml": """services:
  api:
    build: .
    user: root
    volumes: [.:/src]
    ports: ["5678:5678"]
  mail:
    image: mailhog/mailhog:latest
""",
    "compose.prod.yaml": """services:
  api:
    security_opt: [seccomp:unconfined]
    user: "1000"
  worker:
    cap_add: !reset []
    logging: {driver: none}
""",
}
STAGES_FOUND = {("compose.yaml", 9, "C107"), ("compose.override.yaml", 4, "C114"), ("compose.override.yaml", 6, "C105"),
                ("compose.override.yaml", 8, "C104"), ("compose.prod.yaml", 3, "C110"), ("compose.prod.yaml", 7, "C117")}

EXTENDS = {
    "compose.yaml": """services:
  web:
    extends: {file: common/base.yml, service: app}
    image: example.com/web:1
  job:
    extends: web
    userns_mode: host
""",
    "common/base.yml": """services:
  app:
    extends: {service: root, file: ../common/root.yml}
    volumes: ["~/.aws:/root/.aws:ro"]
""",
    "common/root.yml": """services:
  root:
    init: true
    ipc: host
    privileged: false
""",
}
EXTENDS_FOUND = {("compose.yaml", 7, "C109"), ("common/base.yml", 4, "C111"), ("common/root.yml", 4, "C109")}

ANCHORS = {
    "docker-compose.yaml": """x-logging: &logging
  driver: "none"
x-app: &app
  image: example.com/app:7
  logging: *logging
  environment: &env
    TZ: UTC
    SESSION_SECRET: not-so-secret-1
services:
  one:
    <<: *app
  two:
    <<: *app
    environment:
      <<: *env
      SESSION_SECRET: ${SESSION_SECRET:?}
    logging: {driver: local}
"""
}
ANCHORS_FOUND = {("docker-compose.yaml", 2, "C117"), ("docker-compose.yaml", 8, "C115")}

INCLUDE = {
    "compose.yaml": """include:
  - path: db/compose.yaml
  - queue/compose.yaml
services:
  web:
    image: example.com/web:1
    depends_on: [db, queue]
    volumes: [dump:/dump:ro]
""",
    "db/compose.yaml": """services:
  db:
    image: postgres:${PG}
    environment: {POSTGRES_HOST_AUTH_METHOD: trust}
    volumes: [dump:/var/lib/postgresql/data]
volumes:
  dump:
    driver: local
    driver_opts: {type: none, o: "bind,rw", device: /var/lib}
""",
    "db/.env": "PG=latest\n",
    "queue/compose.yaml": """services:
  queue:
    image: rabbitmq:4.0
    ports: ["127.0.0.1:5672:5672", "15672:15672"]
""",
}
INCLUDE_FOUND = {("compose.yaml", 8, "C111"), ("db/compose.yaml", 3, "C104"), ("db/compose.yaml", 4, "C128"),
                 ("db/compose.yaml", 5, "C111"), ("queue/compose.yaml", 4, "C105")}

VPN = {
    "compose.yml": """services:
  vpn:
    image: lscr.io/linuxserver/wireguard:1.0.20210914
    cap_add:
      - NET_ADMIN
      - SYS_MODULE
      - NET_ADMN
    devices:
      - /dev/net/tun
      - "/dev/sda:/dev/xvda:r"
    device_cgroup_rules: ["a *:* rwm"]
    sysctls: [net.ipv4.conf.all.src_valid_mark=1]
    volumes:
      - /lib/modules:/lib/modules:ro
      - type: bind
        source: /mnt
        target: /mnt
        bind: {propagation: rshared}
    tmpfs: /run:exec,size=64m
    ports: [51820:51820/udp]
"""
}
VPN_FOUND = {("compose.yml", 5, "C107"), ("compose.yml", 6, "C107"), ("compose.yml", 7, "C107"), ("compose.yml", 9, "C112"),
             ("compose.yml", 10, "C112"), ("compose.yml", 11, "C112"), ("compose.yml", 15, "C113"),
             ("compose.yml", 19, "C121"), ("compose.yml", 20, "C105")}

RUNNER = {
    "compose.yaml": """services:
  runner:
    image: gitlab/gitlab-runner:v17.7.0
    volumes:
      # bulwark:ignore C101 -- it starts the jobs
      - /var/run/docker.sock:/var/run/docker.sock
      - /etc/gitlab-runner:/etc/gitlab-runner
  builder:
    image: docker:27-dind
    privileged: true # bulwark:ignore C102 until=2099-01-01 -- rootless does not build for arm
    command: [dockerd, --insecure-registry, "http://ci:hunter2@registry:5000"]
    post_start:
      - {command: [/x], privileged: true}
    env_file: [tokens.env, missing.env]
  agent:
    build:
      context: .
      entitlements: [security.insecure]
      args: {NPM_TOKEN: npm_0123456789}
    use_api_socket: true
""",
    "tokens.env": "A=1\n",
}
RUNNER_FOUND = {("compose.yaml", 11, "C115"), ("compose.yaml", 13, "C102"), ("compose.yaml", 18, "C102"),
                ("compose.yaml", 19, "C115"), ("compose.yaml", 20, "C101")}

PROFILES = {
    "compose.yaml": """services:
  app:
    image: "${REGISTRY}/app:${TAG-stable}"
    user: ${APP_UID}
    ports: ["${BIND:-0.0.0.0}:8080:80", "${PORT}:81"]
    environment:
      API_KEY: ${API_KEY}
      DATABASE_URL: postgres://app:${DB_PASSWORD}@db/app
      FALLBACK_URL: postgres://app:${DB_PASSWORD:-changeme}@db/app
    volumes: ["${DATA}/x:/x", "$HOME/.kube:/k:ro"]
  debug:
    image: example.com/debug:1
    profiles: [debug]
    pid: service:app
    network_mode: "${MODE}"
""",
    ".env": "MODE=host\nDB_PASSWORD=of-env\nREGISTRY=example.com\n",
}
PROFILES_FOUND = {("compose.yaml", 3, "C104"), ("compose.yaml", 5, "C105"), ("compose.yaml", 10, "C111"),
                  ("compose.yaml", 15, "C109")}

DOCUMENTS = {
    "compose.yaml": """# the first
services:
  web:
    image: nginx:1.27
    volumes: [/var/run/docker.sock:/var/run/docker.sock]
---
# the second
services:
  web:
    privileged: true
    ports:
      - "22:22"
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: a-word-and-more
    # bulwark:ignore C102 -- it says so here
    privileged: true
---
services:
  cache:
    image: redis
    bogus: 1
    pid: host
"""
}
DOCUMENTS_FOUND = {("compose.yaml", 5, "C101"), ("compose.yaml", 10, "C102"), ("compose.yaml", 12, "C105"),
                   ("compose.yaml", 16, "C115"), ("compose.yaml", 22, "C104"), ("compose.yaml", 23, "C125"),
                   ("compose.yaml", 24, "C109")}

BROKEN = {
    "compose.yaml": """services:
  a:
    image: a:1
    image: b:1
    privilegd: true
    networks: [nowhere]
    volumes: [data:/data]
    depends_on: [b, nobody]
  b:
    depends_on: [a]
    container_name: same
    secrets: [pw]
  c:
    image: c:1
    container_name: same
    extends: {service: gone}
    user: ${X
"""
}
BROKEN_FOUND = {("compose.yaml", 2, "C122"), ("compose.yaml", 4, "C122"), ("compose.yaml", 5, "C125"),
                ("compose.yaml", 6, "C122"), ("compose.yaml", 7, "C122"), ("compose.yaml", 8, "C122"),
                ("compose.yaml", 9, "C122"), ("compose.yaml", 12, "C122"), ("compose.yaml", 15, "C122"),
                ("compose.yaml", 16, "C122"), ("compose.yaml", 17, "C122")}

PROJECTS = {name.lower(): (files, globals()[name + "_FOUND"]) for name, files in list(globals().items())
            if isinstance(files, dict) and name.isupper()}
LACKS = {"C103", "C106", "C116"}
