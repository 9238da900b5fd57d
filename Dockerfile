# The server and its runners in one image; docs/docker.md tells how to build and to run it.
# It needs no BuildKit. libtorch wants glibc, so the bases cannot be Alpine's.
ARG MAVEN_IMAGE=maven:3-eclipse-temurin-25
ARG JRE_IMAGE=eclipse-temurin:25-jre

FROM ${MAVEN_IMAGE} AS build
WORKDIR /build
# More arguments of mvn, for example for a repository of your own.
ARG MAVEN_FLAGS=
COPY .mvn .mvn
COPY pom.xml ./
# The project without its sources: the libraries, a layer that only another pom.xml makes anew.
RUN mvn -B -q ${MAVEN_FLAGS} -Dmaven.test.skip=true package
# libtorch comes unpacked from Maven's jar, or from an archive of PyTorch's as the one for CUDA.
ARG LIBTORCH_URL=
WORKDIR /libtorch
RUN set -eu; \
    if [ -n "$LIBTORCH_URL" ]; then \
      curl -fsSL -o /tmp/libtorch.zip "$LIBTORCH_URL"; \
      jar xf /tmp/libtorch.zip; \
      mv libtorch/lib/*.so* .; \
      # DJL asks the CUDA runtime for the devices, by its plain name.
      for runtime in libcudart*.so*; do ln -sf "$runtime" libcudart.so; done; \
    else \
      jar xf /build/target/lib/pytorch-native-cpu-*.jar; \
      mv pytorch/*/*/*.so* .; \
    fi; \
    rm -rf /tmp/libtorch.zip libtorch pytorch native META-INF
WORKDIR /build
COPY openapi.yaml LICENSE NOTICE ./
COPY src/main src/main
# The natives are in the image already.
RUN mvn -B -q ${MAVEN_FLAGS} -Dmaven.test.skip=true package && rm target/lib/pytorch-native-*.jar

FROM ${JRE_IMAGE} AS runtime
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log /var/log/apt \
    && groupadd --gid 10001 trainyard \
    && useradd --uid 10001 --gid 10001 --no-log-init --home-dir /data --no-create-home --shell /usr/sbin/nologin trainyard \
    && install -d -o 10001 -g 10001 -m 0750 /data \
    && install -d /opt/djl
# The largest and the most lasting first.
COPY --from=build /libtorch /opt/libtorch
COPY --from=build /build/target/lib /opt/trainyard/lib
COPY docker/health bin/warm-up /opt/trainyard/bin/
COPY --from=build /build/target/trainyard.jar /opt/trainyard/
ARG TORCH_FLAVOR=cpu
ENV TRAINYARD_HOME=/data \
    SERVER_ADDRESS=0.0.0.0 \
    SERVER_PORT=8080 \
    MANAGEMENT_SERVER_PORT=8081 \
    PYTORCH_LIBRARY_PATH=/opt/libtorch \
    PYTORCH_FLAVOR=${TORCH_FLAVOR} \
    DJL_CACHE_DIR=/opt/djl \
    LD_LIBRARY_PATH=/opt/libtorch \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

# A server that trains once leaves what is made at a first start: DJL's own library beside libtorch,
# and what the JVM keeps of the classes of servers and runners.
FROM runtime AS warm
RUN /opt/trainyard/bin/warm-up /opt/trainyard/trainyard.jar

FROM runtime
COPY --from=warm /opt/djl /opt/djl
COPY --from=warm /opt/trainyard/trainyard.* /opt/trainyard/runner.* /opt/trainyard/java.options /opt/trainyard/
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Trainyard" \
      org.opencontainers.image.description="Model training as a REST service: PyTorch through DJL, live loss, no Python." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
WORKDIR /data
# Writable also where the root file system is not.
VOLUME ["/data", "/tmp"]
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/opt/trainyard/bin/health"]
ENTRYPOINT ["/usr/bin/tini", "--", "java", "@/opt/trainyard/java.options", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/trainyard/trainyard.jar"]
